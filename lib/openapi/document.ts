import { z } from "zod";
import {
  problemAnswer,
  rowsAnswer,
  submissionAnswer,
  submissionsAnswer,
  taskAnswer,
  taskCountsAnswer,
  tasksAnswer,
} from "@/lib/openapi/schemas";
import { TASK_KIND_IDS } from "@/lib/sixtyfour/task-kinds";
import { submissionBody } from "@/lib/submissions/api-input";
import { DELIVERED_BY, SINCE, SORTS } from "@/lib/tasks/task-filter";
import { TASK_STATUSES } from "@/lib/tasks/task-status";

const schemaOf = (schema: z.ZodType, io: "input" | "output" = "output") => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { target: "draft-2020-12", io });
  return json;
};

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string, description: string, headers?: object) => ({
  description,
  ...(headers ? { headers } : {}),
  content: { "application/json": { schema: ref(name) } },
});
const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: ref("Problem") } },
});

const id = { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } };
const query = (name: string, description: string, schema: object = { type: "string" }) => ({
  name,
  in: "query",
  description,
  schema,
});
const UNAUTHORIZED = problem("The token is missing, unknown, expired or revoked.");
const FORBIDDEN = problem("The token lacks the scope that this needs.");
const NOT_FOUND = problem("There is no such submission.");
const BAD_PARAMETER = problem("A parameter is not valid.");
const cursor = query("cursor", "A page's nextCursor");
const limit = (maximum: number, byDefault: number) =>
  query("limit", "Page size", { type: "integer", minimum: 1, maximum, default: byDefault });

const day = { type: "string", format: "date" };
const taskFilter = [
  query("q", "Words of a lead or a result, each from its beginning, or a task_id"),
  query("status", `Some of ${TASK_STATUSES.join(", ")}, separated by commas`),
  query("kind", `Some of ${TASK_KIND_IDS.join(", ")}, separated by commas`),
  query("submission", "The id of a submission", { type: "string", format: "uuid" }),
  query("via", "Source of the result", { enum: Object.keys(DELIVERED_BY) }),
  query("since", "Largest age since the submit", { enum: Object.keys(SINCE) }),
  query("from", "First day of the submit, in UTC", day),
  query("to", "Last day of the submit, in UTC", day),
];

/** The API for programs, in OpenAPI 3.1: made of the schemas that the routes check by. */
export function openApiDocument(): Record<string, unknown> {
  return {
    openapi: "3.1.0",
    info: {
      title: "Sixtyfour dashboard",
      version: "1",
      description:
        "Submit leads to Sixtyfour and read their results. Create a token in the dashboard, under Settings → API tokens.",
    },
    servers: [{ url: "/" }],
    security: [{ token: ["read"] }],
    paths: {
      "/api/submissions": {
        get: {
          summary: "List submissions of lists and of the API, newest first",
          parameters: [cursor, limit(100, 25)],
          responses: {
            "200": json("Submissions", "A page of submissions."),
            "400": BAD_PARAMETER,
            "401": UNAUTHORIZED,
            "403": FORBIDDEN,
          },
        },
        post: {
          summary: "Submit leads",
          security: [{ token: ["submit"] }],
          description:
            "The leads are stored before this is answered, and are then sent at the rate that Sixtyfour allows. Each lead is charged. A qa_agent submission without a struct asks for the default fields (suitability_score, verdict, reason, recommendation); an empty struct {} asks for none, and then only notes come back.",
          parameters: [
            {
              name: "Idempotency-Key",
              in: "header",
              description:
                "Names this request: repeating it returns the same submission. Without a key, a repeated request creates another submission and is charged again.",
              schema: { type: "string", minLength: 1, maxLength: 255 },
            },
          ],
          requestBody: {
            required: true,
            content: {
              "application/json": {
                schema: ref("NewSubmission"),
                example: {
                  kind: "find_email",
                  leads: [{ name: "Ada Lovelace", company: "Analytical Engines" }],
                  options: { mode: "PROFESSIONAL" },
                },
              },
            },
          },
          responses: {
            "200": json("Submission", "The submission that an earlier request with this Idempotency-Key created."),
            "201": json("Submission", "The submission that was created.", {
              Location: { description: "Path of the submission", schema: { type: "string" } },
            }),
            "400": problem("The Idempotency-Key is not valid."),
            "401": UNAUTHORIZED,
            "403": FORBIDDEN,
            "409": problem("The Idempotency-Key was used with another body."),
            "413": problem("The body is longer than 5 MB."),
            "415": problem("The body is not application/json."),
            "422": problem("The body is not valid; `errors` has the places."),
          },
        },
      },
      "/api/submissions/{id}": {
        get: {
          summary: "Get a submission with its progress",
          parameters: [id],
          responses: {
            "200": json("Submission", "The submission."),
            "401": UNAUTHORIZED,
            "403": FORBIDDEN,
            "404": NOT_FOUND,
          },
        },
      },
      "/api/submissions/{id}/rows": {
        get: {
          summary: "List the leads of a submission with their results",
          parameters: [id, cursor, limit(200, 50), query("status", "Only leads of this status")],
          responses: {
            "200": json("Rows", "A page of leads, in their original order."),
            "400": BAD_PARAMETER,
            "401": UNAUTHORIZED,
            "403": FORBIDDEN,
            "404": NOT_FOUND,
          },
        },
      },
      "/api/submissions/{id}/export": {
        get: {
          summary: "Export the leads of a submission as a file",
          parameters: [id, { ...query("format", "Format of the file", { enum: ["csv", "jsonl"] }), required: true }],
          responses: {
            "200": {
              description: "The file.",
              content: {
                "text/csv": { schema: { type: "string" } },
                "application/jsonl": { schema: { type: "string" } },
              },
            },
            "400": problem("There is no such format."),
            "401": UNAUTHORIZED,
            "403": FORBIDDEN,
            "404": NOT_FOUND,
          },
        },
      },
      "/api/tasks": {
        get: {
          summary: "List tasks, newest first; each is one job at Sixtyfour",
          parameters: [
            ...taskFilter,
            query("ids", "Only tasks with these ids: at most 100, separated by commas"),
            query("sort", "Order of the tasks", { enum: Object.keys(SORTS) }),
            cursor,
            limit(200, 50),
          ],
          responses: {
            "200": json("Tasks", "A page of tasks."),
            "400": BAD_PARAMETER,
            "401": UNAUTHORIZED,
            "403": FORBIDDEN,
          },
        },
      },
      "/api/tasks/counts": {
        get: {
          summary: "Count tasks by status",
          parameters: taskFilter.filter(({ name }) => name !== "status"),
          responses: {
            "200": json("TaskCounts", "The counts."),
            "400": BAD_PARAMETER,
            "401": UNAUTHORIZED,
            "403": FORBIDDEN,
          },
        },
      },
      "/api/tasks/{id}": {
        get: {
          summary: "Get a task with its request and its history",
          parameters: [id],
          responses: {
            "200": json("Task", "The task."),
            "401": UNAUTHORIZED,
            "403": FORBIDDEN,
            "404": problem("There is no such task."),
          },
        },
      },
    },
    components: {
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description:
            "An API token of the dashboard. Its scopes: `read` for all GET routes (and the POST that exports tasks), `submit` for submitting leads, `admin` for both and for what only admins may do. A token can expire, and ends when its owner is removed.",
        },
      },
      schemas: {
        NewSubmission: schemaOf(submissionBody, "input"),
        Submission: schemaOf(submissionAnswer),
        Submissions: schemaOf(submissionsAnswer),
        Task: schemaOf(taskAnswer),
        Tasks: schemaOf(tasksAnswer),
        TaskCounts: schemaOf(taskCountsAnswer),
        Rows: schemaOf(rowsAnswer),
        Problem: schemaOf(problemAnswer),
      },
    },
  };
}
