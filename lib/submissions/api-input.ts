import { z } from "zod";
import { TASK_KIND_IDS, TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";
import { issuesOf, TASK_SCHEMAS } from "@/lib/tasks/task-input";

export const MAX_API_LEADS = 10_000;

const bodyOf = (id: TaskKindId) => {
  const { kind, lead, options } = TASK_SCHEMAS[id].shape;
  return z
    .strictObject({
      kind,
      leads: z
        .array(lead)
        .min(1, "Give at least one lead.")
        .max(MAX_API_LEADS, `Give at most ${MAX_API_LEADS} leads at once.`),
      options: options.prefault({}),
      name: z.string().max(200).default(""),
      as_file: z.boolean().default(false).meta({
        description: "Sends all leads as one file, where the kind has an endpoint for files that takes the tier",
      }),
    })
    .superRefine(({ leads, options: { investigation_id, tier }, as_file: asFile }, context) => {
      if (leads.length > 1 && investigation_id !== undefined) {
        const message = "An investigation is of one lead: give that lead alone.";
        context.addIssue({ code: "custom", path: ["options", "investigation_id"], message });
      }
      const { file }: TaskKind = TASK_KINDS[id];
      if (!asFile || (file && tier && file.tiers.includes(tier))) return;
      const message = file ? `Files take the tiers ${file.tiers.join(", ")} only.` : `The kind ${id} takes no files.`;
      context.addIssue({ code: "custom", path: ["as_file"], message });
    });
};
const [first, ...others] = TASK_KIND_IDS.map(bodyOf);

/** The body of `POST /api/submissions`. */
export const submissionBody = z.discriminatedUnion("kind", [first as ReturnType<typeof bodyOf>, ...others]);

/** One mistake in a body, with its place as a JSON pointer (RFC 6901). */
export interface BodyError {
  pointer: string;
  detail: string;
}

/** A checked submission, ready to be stored. */
export interface ApiSubmission {
  kind: TaskKindId;
  options: TaskOptions;
  leads: { fields: Record<string, string> }[];
  name: string;
  /** All in one file, instead of in requests of their own. Missing and not false: it is hashed with the rest. */
  asFile?: true;
}

const MAX_ERRORS = 100;

/**
 * Checks a body by the schema of its kind, as the form is checked.
 *
 * @param given the body as JSON; undefined where it was none
 */
export function parseSubmissionBody(given: unknown): { submission: ApiSubmission } | { errors: BodyError[] } {
  if (given === undefined) return { errors: [{ pointer: "", detail: "The body is not JSON." }] };
  const { data, error } = submissionBody.safeParse(given, {
    error: ({ code }) => (code === "unrecognized_keys" ? "There is no such field." : undefined),
  });
  if (error) return { errors: issuesOf(error.issues).flatMap(toBodyErrors).slice(0, MAX_ERRORS) };
  const { kind, options, leads, name, as_file: asFile } = data;
  return {
    submission: { kind, options, leads: leads.map((fields) => ({ fields })), name, ...(asFile ? { asFile } : {}) },
  };
}

function toBodyErrors(issue: z.core.$ZodIssue): BodyError[] {
  const keys = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [key]) : [[]];
  return keys.map((key) => ({ pointer: pointerTo([...issue.path, ...key]), detail: issue.message }));
}

function pointerTo(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
