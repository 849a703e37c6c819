import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TASK_KIND_IDS, TASK_KINDS, type TaskKind, toSixtyfourRequest } from "@/lib/sixtyfour/task-kinds";
import { parseTaskInput } from "@/lib/tasks/task-input";
import { createSandboxControl } from "@/sandbox/control-client";
import { type Sandbox, startSandbox } from "@/sandbox/server";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const VALUES: Record<string, string> = {
  text: "Ada Lovelace",
  email: "ada@example.com",
  phone: "+1 202 555 0143",
  linkedin: "linkedin.com/in/ada",
  domain: "acme.com",
  website: "acme.com",
};

describe.each(TASK_KIND_IDS)("%s", (id) => {
  test("makes a request that the API accepts, with every field filled in", async () => {
    const kind: TaskKind = TASK_KINDS[id];
    const lead = Object.fromEntries(kind.fields.map(({ name, type }) => [name, VALUES[type] ?? ""]));
    const struct = [
      { name: "industry", description: "What it does", type: "str" },
      { name: "tags", description: "Words for it", type: "list[str]" },
    ];
    const draft = { kind: id, lead, mode: "PERSONAL", tier: "medium", struct, research_plan: "Look twice." };
    const { input, errors } = parseTaskInput(draft);
    expect(errors).toBeUndefined();
    if (!input) return;
    const request = toSixtyfourRequest(id, "single", [input.lead], input.options);
    const response = await fetch(`${sandbox.url}${kind.path}`, {
      method: "POST",
      headers: { "x-api-key": "sandbox", "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    expect(await response.json()).toMatchObject({ status: "RUNNING" });
    const jobs = await createSandboxControl(sandbox.url).jobs();
    expect(kind.taskTypes).toContain(jobs.at(-1)?.taskType);
  });
});
