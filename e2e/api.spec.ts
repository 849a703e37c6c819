import { randomUUID } from "node:crypto";
import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "@/e2e/fixtures";
import {
  problemAnswer,
  rowsAnswer,
  submissionAnswer,
  submissionsAnswer,
  taskAnswer,
  taskCountsAnswer,
  tasksAnswer,
} from "@/lib/openapi/schemas";

async function makeToken(page: Page, name: string): Promise<string> {
  await page.goto("/settings/api-tokens");
  await page.getByLabel("What it is for").fill(name);
  await page.getByRole("button", { name: "Make a token" }).click();
  const shown = page.getByRole("status").filter({ hasText: `The token for ${name}` });
  await expect(shown).toContainText("can’t be shown again");
  return (await shown.locator("code").textContent()) ?? "";
}

const post = (request: APIRequestContext, token: string, data: unknown, headers: Record<string, string> = {}) =>
  request.post("/api/submissions", {
    data: typeof data === "string" ? data : JSON.stringify(data),
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
  });

const leadsOf = (name: string, count: number) => Array.from({ length: count }, (_, i) => ({ name: `${name} ${i}` }));

test("a program submits leads with a token of the dashboard's, and reads their results", async ({
  page,
  request,
  sandbox,
  leadName,
}) => {
  const token = await makeToken(page, leadName);
  expect(token).toMatch(/^s64d_[\w-]{43}$/);
  await page.reload();
  await expect(page.getByRole("row", { name: new RegExp(leadName) })).toContainText(`${token.slice(0, 11)}…`);
  expect(await page.content()).not.toContain(token);

  const answer = await post(request, token, { kind: "find_email", leads: leadsOf(leadName, 3), name: leadName });
  expect(answer.status()).toBe(201);
  const made = submissionAnswer.parse(await answer.json());
  expect(answer.headers().location).toBe(`/api/submissions/${made.id}`);
  const auth = { headers: { authorization: `Bearer ${token}` } };
  const state = async () =>
    submissionAnswer.parse(await (await request.get(`/api/submissions/${made.id}`, auth)).json());
  await expect.poll(async () => (await state()).state, { timeout: 20_000 }).toBe("ended");
  const { rows } = rowsAnswer.parse(await (await request.get(`/api/submissions/${made.id}/rows`, auth)).json());
  const read = async (path: string) => (await request.get(path, auth)).json();
  const { submissions } = submissionsAnswer.parse(await read("/api/submissions"));
  expect(submissions.map(({ id }) => id)).toContain(made.id);
  const listed = tasksAnswer.parse(await read("/api/tasks")).tasks.find(({ id }) => id === rows[0]?.taskId);
  const task = taskAnswer.parse(await read(`/api/tasks/${rows[0]?.taskId}`));
  expect(task).toMatchObject({ ...listed, submission: { id: made.id } });
  const counts = taskCountsAnswer.parse(await read(`/api/tasks/counts?submission=${made.id}`));
  expect([counts.all, counts.byStatus.completed]).toEqual([1, 1]);
  const [job] = await sandbox.jobs();
  expect(rows.map(({ result }) => result)).toEqual(job?.result);
  await page.goto("/submissions");
  await expect(page.getByRole("row", { name: new RegExp(leadName) })).toContainText("Done");
});

test("a program's leads go out as one file where it asks for that", async ({ page, request, sandbox, leadName }) => {
  const token = await makeToken(page, leadName);
  const leads = leadsOf(leadName, 3);
  const refused = await post(request, token, { kind: "find_email", leads, as_file: true });
  expect(refused.status()).toBe(422);
  expect(problemAnswer.parse(await refused.json()).errors).toMatchObject([{ pointer: "/as_file" }]);
  await sandbox.hold(true);
  const answer = await post(request, token, { kind: "people_intelligence", leads, as_file: true });
  expect(submissionAnswer.parse(await answer.json())).toMatchObject({ shape: "file", leadCount: 3 });
  await expect.poll(async () => (await sandbox.jobs()).length).toBe(1);
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "");
  const auth = { headers: { authorization: `Bearer ${token}` } };
  const { id } = submissionAnswer.parse(await answer.json());
  const read = async (path: string) => (await request.get(path, auth)).json();
  await expect.poll(async () => (await read(`/api/submissions/${id}`)).state, { timeout: 20_000 }).toBe("ended");
  const { rows } = rowsAnswer.parse(await read(`/api/submissions/${id}/rows`));
  expect(rows.map(({ lead, result }) => [lead, typeof result])).toEqual(leads.map((lead) => [lead, "object"]));
  expect(taskAnswer.parse(await read(`/api/tasks/${rows[0]?.taskId}`))).toMatchObject({ shape: "file", leads: [] });
});

test("an Idempotency-Key makes one submission of any number of requests, and names nothing else", async ({
  page,
  request,
  sandbox,
  leadName,
}) => {
  const token = await makeToken(page, leadName);
  const body = { kind: "people_intelligence", leads: leadsOf(leadName, 2) };
  const key = { "idempotency-key": randomUUID() };
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(request, token, body, key)));
  expect(answers.map((answer) => answer.status()).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
  const ids = await Promise.all(answers.map(async (answer) => (await answer.json()).id));
  expect(new Set(ids).size).toBe(1);
  await expect.poll(async () => (await sandbox.jobs()).length).toBe(2);

  const other = await post(request, token, { ...body, leads: leadsOf(leadName, 1) }, key);
  expect(other.status()).toBe(409);
  expect(problemAnswer.parse(await other.json()).detail).toContain("Idempotency-Key");
  const another = await makeToken(page, `${leadName} 2`);
  expect((await post(request, another, body, key)).status()).toBe(201);
  // All of it has gone out: nothing is left to be sent in the middle of another test.
  await expect.poll(async () => (await sandbox.jobs()).length).toBe(4);
});

test("no token, a wrong one and a revoked one are refused, and nothing is sent", async ({
  page,
  request,
  sandbox,
  leadName,
}) => {
  const token = await makeToken(page, leadName);
  const body = { kind: "find_email", leads: leadsOf(leadName, 1) };
  await page.reload();
  await page.getByLabel(`Revoke ${leadName}`).click();
  await page
    .getByRole("row", { name: new RegExp(leadName) })
    .getByLabel("I mean it")
    .check();
  await page
    .getByRole("row", { name: new RegExp(leadName) })
    .getByRole("button", { name: "Revoke it" })
    .click();
  await expect(page.getByRole("row", { name: new RegExp(leadName) })).toContainText("Revoked");

  for (const authorization of [`Bearer ${token}`, "Bearer s64d_nonsense-nonsense", "Basic abc", ""]) {
    const answer = await request.post("/api/submissions", { data: body, headers: { authorization } });
    expect(answer.status()).toBe(401);
    expect(answer.headers()["www-authenticate"]).toBe("Bearer");
    problemAnswer.parse(await answer.json());
  }
  const listed = await request.get("/api/submissions", { headers: { authorization: `Bearer ${token}` } });
  expect(listed.status()).toBe(401);
  expect(await sandbox.jobs()).toEqual([]);
});

test("a body that is not right is told where, and nothing is sent", async ({ page, request, sandbox, leadName }) => {
  const token = await makeToken(page, leadName);
  const lead = { name: leadName };
  const cases: [unknown, string[]][] = [
    ["{", [""]],
    ["[]", [""]],
    [{ leads: [lead] }, ["/kind"]],
    [{ kind: "find_gold", leads: [lead] }, ["/kind"]],
    [{ kind: "find_email", leads: [] }, ["/leads"]],
    [{ kind: "find_email", leads: [lead], colour: "red" }, ["/colour"]],
    [{ kind: "find_email", leads: [lead, {}, { company_domain: "no site" }] }, ["/leads/1", "/leads/2/company_domain"]],
    [{ kind: "find_email", leads: [{ ...lead, shoe_size: "44" }] }, ["/leads/0/shoe_size"]],
    [{ kind: "find_email", leads: [lead], options: { tier: "low" } }, ["/options/tier"]],
    [{ kind: "people_intelligence", leads: [lead], options: { struct: { "a b": "x" } } }, ["/options/struct/a b"]],
    [{ kind: "qa_agent", leads: [lead] }, ["/options/qualification_criteria"]],
  ];
  for (const [body, pointers] of cases) {
    const answer = await post(request, token, body);
    expect(answer.status()).toBe(422);
    expect(answer.headers()["content-type"]).toContain("application/problem+json");
    const { errors } = problemAnswer.parse(await answer.json());
    expect(errors?.map(({ pointer }) => pointer)).toEqual(pointers);
  }
  expect((await post(request, token, "{}", { "content-type": "text/plain" })).status()).toBe(415);
  const patch = { "content-type": "application/json-patch+json" };
  expect((await post(request, token, "{}", patch)).status()).toBe(415);
  expect((await post(request, token, "x".repeat(5_000_001))).status()).toBe(413);
  expect((await post(request, token, {}, { "idempotency-key": "a b" })).status()).toBe(400);
  expect(await sandbox.jobs()).toEqual([]);
});

test("the OpenAPI document describes the routes that are there", async ({ request }) => {
  const document = await (await request.get("/api/openapi.json")).json();
  expect(document).toMatchObject({
    openapi: "3.1.0",
    info: { title: expect.any(String), version: expect.any(String) },
  });
  const operations = Object.entries(document.paths as Record<string, Record<string, { responses: object }>>).flatMap(
    ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  expect(operations.length).toBeGreaterThan(3);
  for (const { path, method, operation } of operations) {
    const answer = await request.fetch(`${path.replace("{id}", randomUUID())}?format=csv`, {
      method: method.toUpperCase(),
      headers: { authorization: "Bearer s64d_nonsense-nonsense" },
    });
    expect(answer.status()).toBe(401);
    expect(Object.keys(operation.responses)).toContain("401");
    if (method !== "get") continue;
    if (!path.includes("{id}")) {
      expect((await request.get(`${path}?limit=0&via=nowhere`)).status()).toBe(400);
      expect(Object.keys(operation.responses)).toContain("400");
      continue;
    }
    const missing = await request.get(`${path.replace("{id}", randomUUID())}?format=csv`);
    expect(missing.status()).toBe(404);
    expect(Object.keys(operation.responses)).toContain("404");
  }
  for (const name of JSON.stringify(document).match(/#\/components\/schemas\/\w+/g) ?? []) {
    expect(document.components.schemas).toHaveProperty(name.split("/").at(-1) ?? "");
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a token is made, shown once and revoked", async ({ page, request, leadName }) => {
    const token = await makeToken(page, leadName);
    const read = () => request.get("/api/submissions", { headers: { authorization: `Bearer ${token}` } });
    expect((await read()).status()).toBe(200);
    await page.goto("/settings/api-tokens");
    await expect(page.getByText(token)).toHaveCount(0);
    await page.getByLabel(`Revoke ${leadName}`).click();
    await page
      .getByRole("row", { name: new RegExp(leadName) })
      .getByLabel("I mean it")
      .check();
    await page
      .getByRole("row", { name: new RegExp(leadName) })
      .getByRole("button", { name: "Revoke it" })
      .click();
    await expect(page.getByRole("row", { name: new RegExp(leadName) })).toContainText("Revoked");
    expect((await read()).status()).toBe(401);
  });
});
