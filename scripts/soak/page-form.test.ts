import { expect, test } from "vitest";
import { findForm, readForms, toFormData } from "@/scripts/soak/page-form";

const PAGE = `
  <form action="" encType="multipart/form-data" method="POST">
    <input type="hidden" name="$ACTION_REF_1"/>
    <input type="hidden" name="$ACTION_1:0" value="{&quot;id&quot;:&quot;a&amp;b&#x27;&#39;&lt;&gt;&quot;}"/>
    <input type="hidden" name="formKey" value="k"/><input class="x" name="lead.name" value=""/><button>Submit</button>
  </form>
  <form><input type="hidden" name="taskId" value="t"/><button>Send now</button></form>`;

test("a form has its hidden inputs, with their values as they were before React wrote them down", () => {
  expect(findForm(PAGE, "formKey")?.hidden).toEqual([
    ["$ACTION_REF_1", ""],
    ["$ACTION_1:0", `{"id":"a&b''<>"}`],
    ["formKey", "k"],
  ]);
});

test("each form of a page is one of its own", () => {
  expect(readForms(PAGE).map(({ html }) => html.includes(">Send now<"))).toEqual([false, true]);
  expect(findForm(PAGE, "nothing")).toBeUndefined();
});

test("what is sent is what was hidden and what was typed", () => {
  const form = { html: "", hidden: [["formKey", "k"]] as [string, string][] };
  expect([...toFormData(form, { "lead.name": "Ada & <Zoë>" })]).toEqual([
    ["formKey", "k"],
    ["lead.name", "Ada & <Zoë>"],
  ]);
});
