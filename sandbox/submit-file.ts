import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { CENTS_PER_CREDIT } from "@/sandbox/balance";
import type { FileEndpoint } from "@/sandbox/file-endpoints";
import { type Answer, type HANG_UP, Refusal, readForm } from "@/sandbox/http";
import { fileOf, MAX_FILE_BYTES, readLeadFile } from "@/sandbox/lead-file";
import { type SubmitRoom, start } from "@/sandbox/submit";
import { parseOrRefuse } from "@/sandbox/validation";

const MAX_CONFIG_LENGTH = 300_000;
/** A form holds the file and its config. */
const MAX_FORM_BYTES = MAX_FILE_BYTES + 1024 * 1024;

const form = z.object({
  file: z.instanceof(File, { message: "Expected UploadFile, received: <class 'str'>" }),
  config: z.string().max(MAX_CONFIG_LENGTH),
});

/**
 * Answers a POST of a file of leads. The answer has an estimate of the cost. A second one with an equal Idempotency-Key
 * starts nothing; it is answered with the job of the first one, and without the estimate.
 *
 * @throws Refusal 400, 413 or 422 where the form is not valid for the endpoint.
 */
export async function submitFile(
  input: { path: string; endpoint: FileEndpoint; request: IncomingMessage },
  sandbox: SubmitRoom,
): Promise<Answer | typeof HANG_UP> {
  const { path, endpoint, request } = input;
  const fields = parseOrRefuse(form, Object.fromEntries(await readForm(request, MAX_FORM_BYTES)));
  const config = parseConfig(fields.config);
  parseOrRefuse(z.object({ config: endpoint.configSchema }), { config });
  const file = await readLeadFile(fields.file);
  const key = request.headers["idempotency-key"];
  const idempotencyKey = typeof key === "string" && key ? key : null;
  return start({ path, endpoint, body: { ...config, file }, idempotencyKey }, sandbox, (job, alreadyStarted) => ({
    row_count: fileOf(job.body).rows.length,
    ...(alreadyStarted
      ? {}
      : {
          estimated_cost_cents: job.estimatedCents,
          estimated_cost_credits: job.estimatedCents / CENTS_PER_CREDIT,
        }),
    already_started: alreadyStarted,
  }));
}

function parseConfig(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    const issue = { type: "json_invalid", loc: ["body", "config"], msg: "Invalid JSON" };
    throw new Refusal({ status: 422, body: { detail: [issue] } });
  }
}
