import { unstable_rethrow } from "next/navigation";
import { z } from "zod";
import { requireActor, requireUser } from "@/app/access";
import { type AuditLine, recordAudit } from "@/lib/audit/record";
import { appContext, type Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

/** The answer of an action that did not do what was asked. */
export interface Refusal {
  /** Says in a sentence for the person why it was not done. */
  error: string;
  /** Messages by the name of their input, where single inputs are wrong. */
  errors?: Record<string, string>;
  /** The inputs named by `keeps`, as they were typed, to be shown again. */
  typed?: Record<string, string>;
}

/** Kinds of callers, each with the check that returns the caller. */
const CALLERS = {
  admin: () => requireActor("admin"),
  member: () => requireActor(),
  /** A person who is signed in, for what belongs to that person. */
  user: requireUser,
  /** Includes people who are not signed in: the action has a check of its own, such as a password. */
  anyone: async () => null,
};
type Caller = keyof typeof CALLERS;

interface Call<Who extends Caller, Schema extends z.ZodType> {
  context: Context;
  actor: Awaited<ReturnType<(typeof CALLERS)[Who]>>;
  input: z.output<Schema>;
}

type Done<Who extends Caller, Schema extends z.ZodType, Value> = Call<Who, Schema> & { value: Value };

interface Rules<Who extends Caller, Schema extends z.ZodType, Value, Shown, Failed> {
  may: Who;
  input: Schema;
  /** The answer to an input that `input` refuses, in place of the schema's own message. */
  invalid?: string;
  run: (call: Call<Who, Schema>) => Promise<Value>;
  /** The line of the audit log; null for none. It is written after `run`, and before `after`. */
  audit?: (done: Done<Who, Schema, Value>) => AuditLine | null;
  /** Follows once all of that is done: loads a page again, or redirects. */
  after?: (done: Done<Who, Schema, Value>) => void;
  /** Makes the answer; by default it is what `run` returned. */
  answer?: (done: Done<Who, Schema, Value>) => Shown;
  /** Says in sentences what an unexpected failure means for the person's data. */
  reassurance?: string;
  keeps?: string[];
  /** Makes another state of the form of a refusal. */
  failed?: (refusal: Refusal, form: FormData) => Failed;
}

/** `run` returns nothing where there is nothing to show. */
type Answer<Value, Failed> = (undefined extends Value ? null : Value) | Failed;

/** One with a form is called by the form's hook, and takes its place without JavaScript too; any other one is a function. */
type Action<Given, Value, Failed> = [Given] extends [FormData]
  ? (previous: unknown, form: FormData) => Promise<Answer<Value, Failed> | null>
  : (given: Given) => Promise<Answer<Value, Failed>>;

const made = new WeakSet<object>();

/** True for a server action that `action` made. */
export const isAction = (given: unknown): boolean => typeof given === "function" && made.has(given);

/**
 * Makes a server action: checks the caller, then the input, runs it, writes the audit log and answers. Every server action
 * is made here, since anybody can call one with anything. Expected failures are answered with their message. Any other is
 * logged and answered with one plain sentence; none is thrown.
 */
export function action<Who extends Caller, Schema extends z.ZodType, Value, Shown = Value, Failed = Refusal>(
  rules: Rules<Who, Schema, Value, Shown, Failed>,
): Action<z.input<Schema>, Shown, Failed> {
  const answer = async (...args: unknown[]) => {
    // A form's action is called with the state before, then the form.
    const given = args.at(-1);
    const fail = (refusal: Refusal) => {
      if (!(given instanceof FormData)) return refusal;
      if (rules.failed) return rules.failed(refusal, given);
      return rules.keeps ? { ...refusal, typed: textsOf(given, rules.keeps) } : refusal;
    };
    try {
      const context = appContext();
      const actor = (await CALLERS[rules.may]()) as Call<Who, Schema>["actor"];
      const parsed = rules.input.safeParse(given, { error: () => NOT_UNDERSTOOD });
      if (!parsed.success) return fail(refusalOf(parsed.error, rules.invalid));
      const call = { context, actor, input: parsed.data };
      const value = await rules.run(call);
      const done = { ...call, value };
      const line = rules.audit?.(done);
      if (line && actor) await recordAudit(context, { actor, ...line });
      rules.after?.(done);
      return rules.answer ? rules.answer(done) : (value ?? null);
    } catch (error) {
      unstable_rethrow(error);
      return fail({ error: messageOf(error, rules.reassurance) });
    }
  };
  made.add(answer);
  return answer as Action<z.input<Schema>, Shown, Failed>;
}

const NOT_UNDERSTOOD = "This could not be understood. Load the page again, and try once more.";

function refusalOf({ issues }: z.ZodError, invalid: string | undefined): Refusal {
  const errors: Record<string, string> = {};
  for (const { path, message } of issues) errors[path.join(".")] ??= message;
  return { error: invalid ?? issues[0]?.message ?? NOT_UNDERSTOOD, errors };
}

function messageOf(error: unknown, reassurance = "Nothing was changed; try again."): string {
  const isExpected = error instanceof AppError;
  if (!isExpected || error.cause) log.error("action_failed", isExpected ? error.cause : error);
  return isExpected ? error.message : `Something went wrong on our side. ${reassurance}`;
}

/** A form's inputs by name, each with its schema. One that is missing, or a file, is empty text; a list takes all values. */
export function inputs<Shape extends Record<string, z.ZodType>>(
  shape: Shape,
): z.ZodType<z.output<z.ZodObject<Shape>>, FormData> {
  const names = Object.keys(shape);
  const lists = names.filter((name) => shape[name] instanceof z.ZodArray);
  return z
    .instanceof(FormData)
    .transform((form) => ({
      ...textsOf(form, names),
      ...Object.fromEntries(lists.map((name) => [name, form.getAll(name)])),
    }))
    .pipe(z.object(shape) as never);
}

function textsOf(form: FormData, names: string[]): Record<string, string> {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return Object.fromEntries(names.map((name) => [name, text(form.get(name))]));
}

/** A box that has to be ticked before something is done. */
export const ticked = (message = "Tick the box first: this can't be undone.") => z.literal("on", message);
