/** Turns zod's issues into the answer that FastAPI (pydantic) would give. */
import type { z } from "zod";
import { Refusal } from "@/sandbox/http";

/** One entry of a 422's `detail`. */
export interface FastApiIssue {
  loc: (string | number)[];
  msg: string;
  type: string;
}

type ZodIssue = z.core.$ZodIssue;
type Wording = Pick<FastApiIssue, "msg" | "type">;

/**
 * The parsed input.
 *
 * @throws Refusal 422 with FastAPI's `{"detail": [{loc, msg, type}]}`.
 */
export function parseOrRefuse<T>(schema: z.ZodType<T>, input: unknown, source: "body" | "query" = "body"): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Refusal({ status: 422, body: { detail: toFastApiDetail(parsed.error, input, source) } });
}

/** FastAPI's `detail` for a zod error; `loc` starts with where the input came from. */
export function toFastApiDetail(error: z.ZodError, input: unknown, source: "body" | "query"): FastApiIssue[] {
  return error.issues.flatMap((issue) => toFastApiIssues(issue, [], input, source));
}

function toFastApiIssues(issue: ZodIssue, outerPath: PropertyKey[], input: unknown, source: string): FastApiIssue[] {
  const path = [...outerPath, ...issue.path];
  if (issue.code === "invalid_union") {
    // The branch that got past the value's own type is the one that was meant.
    const meant = issue.errors.find((branch) => branch.every((inner) => inner.path.length > 0));
    if (meant) return meant.flatMap((inner) => toFastApiIssues(inner, path, input, source));
  }
  const loc = [source, ...path.map((part) => (typeof part === "number" ? part : String(part)))];
  return [{ loc, ...wording(issue, path, input) }];
}

function wording(issue: ZodIssue, path: PropertyKey[], input: unknown): Wording {
  // JSON knows no undefined, so it can only mean that the field isn't there.
  if (issue.code !== "custom" && valueAt(input, path) === undefined) return { type: "missing", msg: "Field required" };
  switch (issue.code) {
    case "invalid_type":
      return path.length === 0 ? NOT_AN_OBJECT : (TYPE_WORDINGS[issue.expected] ?? valueError(issue.message));
    case "invalid_value":
      return { type: "literal_error", msg: `Input should be ${quotedList(issue.values.map(String))}` };
    case "too_small":
      return tooSmall(issue, valueAt(input, path));
    case "too_big":
      return tooBig(issue.origin, Number(issue.maximum), valueAt(input, path));
    case "custom": {
      const type = issue.params?.type;
      return typeof type === "string" ? { type, msg: issue.message } : valueError(issue.message);
    }
    case "invalid_union":
      return { type: "string_type", msg: "Input should be a valid string or dictionary" };
    default:
      return valueError(issue.message);
  }
}

const NOT_AN_OBJECT: Wording = {
  type: "model_attributes_type",
  msg: "Input should be a valid dictionary or object to extract fields from",
};
const DICTIONARY: Wording = { type: "dict_type", msg: "Input should be a valid dictionary" };
const TYPE_WORDINGS: Record<string, Wording> = {
  object: DICTIONARY,
  record: DICTIONARY,
  array: { type: "list_type", msg: "Input should be a valid list" },
  string: { type: "string_type", msg: "Input should be a valid string" },
  boolean: { type: "bool_type", msg: "Input should be a valid boolean" },
  number: { type: "float_type", msg: "Input should be a valid number" },
  int: { type: "int_type", msg: "Input should be a valid integer" },
};

function tooSmall({ origin, inclusive, ...issue }: z.core.$ZodIssueTooSmall, value: unknown): Wording {
  const minimum = Number(issue.minimum);
  if (origin === "string") {
    return { type: "string_too_short", msg: `String should have at least ${counted(minimum, "character")}` };
  }
  if (origin === "array") {
    const size = Array.isArray(value) ? value.length : 0;
    return {
      type: "too_short",
      msg: `List should have at least ${counted(minimum, "item")} after validation, not ${size}`,
    };
  }
  if (inclusive === false) return { type: "greater_than", msg: `Input should be greater than ${minimum}` };
  return { type: "greater_than_equal", msg: `Input should be greater than or equal to ${minimum}` };
}

function tooBig(origin: string, maximum: number, value: unknown): Wording {
  if (origin === "string") {
    return { type: "string_too_long", msg: `String should have at most ${counted(maximum, "character")}` };
  }
  if (origin === "array") {
    const size = Array.isArray(value) ? value.length : 0;
    return {
      type: "too_long",
      msg: `List should have at most ${counted(maximum, "item")} after validation, not ${size}`,
    };
  }
  return { type: "less_than_equal", msg: `Input should be less than or equal to ${maximum}` };
}

function valueError(message: string): Wording {
  return { type: "value_error", msg: `Value error, ${message}` };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function quotedList(values: string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  const last = quoted.pop() ?? "";
  return quoted.length > 0 ? `${quoted.join(", ")} or ${last}` : last;
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
