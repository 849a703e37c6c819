import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { redirect } from "next/navigation";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { requireActor } from "@/app/access";
import { action, inputs, isAction, ticked } from "@/app/action";
import { recordAudit } from "@/lib/audit/record";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

const actor = { type: "nobody" };
vi.mock("@/app/access", () => ({ requireActor: vi.fn(), requireUser: vi.fn(), currentActor: vi.fn() }));
vi.mock("@/lib/audit/record", () => ({ recordAudit: vi.fn() }));
vi.mock("@/lib/context", () => ({ appContext: () => ({}) }));

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(requireActor).mockResolvedValue({ type: "nobody" });
  vi.spyOn(log, "error").mockImplementation(() => {});
});

const formOf = (entries: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(entries)) form.append(name, value);
  return form;
};
const rename = (run: () => Promise<unknown>) =>
  action({
    may: "admin",
    input: inputs({ name: z.string().min(2, "Use at least 2 characters."), sure: ticked("Tick the box.") }),
    keeps: ["name"],
    run,
    audit: ({ input }) => ({ action: "task.poll", detail: { name: input.name } }),
  });

test("every exported action is made by the wrapper", async () => {
  const files = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
  const modules = files
    .map((file) => path.resolve("app", file))
    .filter((file) => /^\s*["']use server["']/m.test(readFileSync(file, "utf8")));
  expect(modules.length).toBeGreaterThan(10);
  for (const file of modules) {
    expect(file).toMatch(/actions\.ts$/);
    const exported = Object.entries(await import(/* @vite-ignore */ file));
    for (const [name, value] of exported) expect(isAction(value), `${name} of ${file}`).toBe(true);
  }
});

describe("an action", () => {
  test("checks the caller before it looks at the input", async () => {
    vi.mocked(requireActor).mockRejectedValue(new AppError("forbidden", "Ask an admin."));
    const run = vi.fn();
    expect(await rename(run)(null, formOf({}))).toEqual({ error: "Ask an admin.", typed: { name: "" } });
    expect(requireActor).toHaveBeenCalledWith("admin");
    expect(run).not.toHaveBeenCalled();
  });

  test("answers a wrong input with messages by input, and what was typed", async () => {
    const run = vi.fn();
    expect(await rename(run)(null, formOf({ name: "A", sure: "on" }))).toEqual({
      error: "Use at least 2 characters.",
      errors: { name: "Use at least 2 characters." },
      typed: { name: "A" },
    });
    expect(await rename(run)(null, formOf({ name: "Ada" }))).toMatchObject({ error: "Tick the box." });
    expect(run).not.toHaveBeenCalled();
  });

  test("has plain words for an input that no form makes", async () => {
    const given = { may: "member", input: z.object({ id: z.uuid() }), run: async () => {} } as const;
    const error = "This could not be understood. Load the page again, and try once more.";
    expect(await action(given)({ id: "x" })).toMatchObject({ error });
    expect(await action(given)(undefined as never)).toMatchObject({ error });
    expect(await action({ ...given, invalid: "Choose one." })({ id: "x" })).toMatchObject({ error: "Choose one." });
  });

  test("answers what it returns, after the audit line is written", async () => {
    const answer = await rename(async () => ({ done: "Renamed." }))(null, formOf({ name: "Ada", sure: "on" }));
    expect(answer).toEqual({ done: "Renamed." });
    expect(recordAudit).toHaveBeenCalledExactlyOnceWith({}, { actor, action: "task.poll", detail: { name: "Ada" } });
  });

  test("answers null where it returns nothing", async () => {
    expect(await rename(async () => {})(null, formOf({ name: "Ada", sure: "on" }))).toBeNull();
  });

  test("answers an expected failure with its message, and logs its cause alone", async () => {
    const cause = new Error("The connection broke.");
    const failing = (error: Error) => rename(() => Promise.reject(error))(null, formOf({ name: "Ada", sure: "on" }));
    expect(await failing(new AppError("conflict", "The name is taken."))).toMatchObject({
      error: "The name is taken.",
    });
    expect(log.error).not.toHaveBeenCalled();
    await failing(new AppError("unavailable", "Try again in a moment.", { cause }));
    expect(log.error).toHaveBeenCalledExactlyOnceWith("action_failed", cause);
  });

  test("logs an unexpected failure once, and answers with nothing of it", async () => {
    const error = new Error("secret");
    const answer = await rename(() => Promise.reject(error))(null, formOf({ name: "Ada", sure: "on" }));
    expect(answer).toEqual({
      error: "Something went wrong on our side. Nothing was changed; try again.",
      typed: { name: "Ada" },
    });
    expect(log.error).toHaveBeenCalledExactlyOnceWith("action_failed", error);
    expect(recordAudit).not.toHaveBeenCalled();
  });

  test("lets a redirect pass once all is done", async () => {
    const moving = action({
      may: "member",
      input: inputs({}),
      run: async () => {},
      audit: () => ({ action: "task.poll" }),
      after: () => redirect("/"),
    });
    await expect(moving(null, formOf({}))).rejects.toThrow("NEXT_REDIRECT");
    expect(recordAudit).toHaveBeenCalledOnce();
  });
});

test("inputs that are missing are empty, and a list has all values of its name", () => {
  const form = formOf({ scope: "read", extra: "x" });
  form.append("scope", "submit");
  form.append("file", new Blob(["x"]));
  const schema = inputs({ name: z.string(), file: z.string(), scope: z.array(z.string()) });
  expect(schema.parse(form)).toEqual({ name: "", file: "", scope: ["read", "submit"] });
});
