import { describe, expect, test } from "vitest";
import { afterSubmit, readSentForm } from "@/app/submissions/new/after-submit";
import type { SubmitResult } from "@/lib/pipeline/submit";

const KEY = "0190a000-0000-7000-8000-000000000000";
const NEW_ID = "0190a000-0000-7000-8000-000000000001";

function sentWith(inputs: Record<string, string> = {}) {
  const form = new FormData();
  const all = { kind: "find_email", formKey: KEY, "lead.name": "Ada", mode: "PROFESSIONAL", ...inputs };
  for (const [name, value] of Object.entries(all)) form.append(name, value);
  return readSentForm(form, NEW_ID);
}
const sent = sentWith();
const held = { type: "held", reason: "no_credits", message: null, retryAfterSeconds: null } as const;
const accepted = {
  type: "accepted" as const,
  sixtyfourTaskId: "1",
  sixtyfourStatus: null,
  unrecognizedFields: [],
  investigation: null,
};
const refused = (more: object) => ({
  taskId: "t",
  repeated: false as const,
  outcome: { type: "refused" as const, reason: "invalid_request" as const, message: null, fields: [], ...more },
});

test.each<[string, SubmitResult, string]>([
  ["accepted", { taskId: "t", repeated: false, outcome: accepted }, "/?submitted=t"],
  ["pressed twice", { taskId: "t", repeated: true }, "/?submitted=t"],
  ["held", { taskId: "t", repeated: false, outcome: held }, "/tasks/t"],
  [
    "unconfirmed",
    { taskId: "t", repeated: false, outcome: { type: "unconfirmed", reason: "timeout", message: null } },
    "/tasks/t",
  ],
])("a submit that was %s leads to another page", (_, result, href) => {
  expect(afterSubmit(sent, result, NEW_ID)).toBe(href);
});

describe("the form is shown again with what was typed", () => {
  test.each([
    [
      "where inputs are wrong, under its key",
      { error: "Enter an email address.", errors: { "lead.email": "Enter an email address." } },
      { formKey: KEY, errors: { "lead.email": "Enter an email address." }, problem: null },
    ],
    [
      "where the caller is signed out, under its key",
      { error: "You are signed out." },
      { formKey: KEY, errors: {}, problem: { title: "This did not go through", detail: "You are signed out." } },
    ],
    [
      "where Sixtyfour refused it, under a new key",
      refused({ message: "No such company." }),
      {
        formKey: NEW_ID,
        errors: {},
        problem: {
          title: "Sixtyfour refused this request as invalid",
          detail: "“No such company.” Nothing was charged. Correct the lead and submit it again.",
          taskId: "t",
        },
      },
    ],
    [
      "with Sixtyfour's words beside the inputs that it names",
      refused({
        fields: [
          { path: ["lead", "name"], message: "Too short." },
          { path: ["providers"], message: "Unknown." },
        ],
      }),
      { formKey: NEW_ID, errors: { "lead.name": "Too short." } },
    ],
  ])("%s", (_, result, expected) => {
    expect(afterSubmit(sent, result as SubmitResult, NEW_ID)).toMatchObject({
      draft: sent.draft,
      basedOnLeadId: null,
      answerId: NEW_ID,
      ...expected,
    });
  });
});

test.each([
  [{ formKey: "too short" }, { formKey: NEW_ID }],
  [{ basedOnLeadId: KEY }, { basedOnLeadId: KEY, formKey: KEY }],
  [{ basedOnLeadId: "no id" }, { basedOnLeadId: null }],
])("a form sent with %j is read as %j", (inputs, expected) => {
  expect(sentWith(inputs)).toMatchObject(expected);
});
