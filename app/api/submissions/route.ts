import { randomUUID } from "node:crypto";
import type { NextRequest } from "next/server";
import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problemResponse } from "@/app/api/problem";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { recordAudit } from "@/lib/audit/record";
import { readBody } from "@/lib/deliveries/read-body";
import { log } from "@/lib/log";
import { submitLeads } from "@/lib/pipeline/submit-leads";
import { parseSubmissionBody } from "@/lib/submissions/api-input";
import { getSubmission } from "@/lib/submissions/get";
import { listSubmissions } from "@/lib/submissions/list";

const MAX_BODY_BYTES = 5_000_000;

/** The list of submissions: `?cursor=` a page's nextCursor, `?limit=` 1 to 100. */
export async function GET(request: NextRequest): Promise<Response> {
  return answer("both", async ({ context }) => {
    const page = await listSubmissions(context, Object.fromEntries(request.nextUrl.searchParams));
    return jsonWithEtag(request, page);
  });
}

/**
 * Submits leads. With an `Idempotency-Key` the same request again answers the same submission; without one it is another
 * submission, and is charged again.
 */
export async function POST(request: NextRequest): Promise<Response> {
  const startedAt = Date.now();
  return answer(
    "programs",
    async ({ context, actor }) => {
      if (!/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? "")) {
        return problemResponse(415, "unsupported_media_type", "Send the body as application/json.");
      }
      const idempotencyKey = request.headers.get("idempotency-key");
      if (idempotencyKey !== null && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
        return problemResponse(400, "invalid_input", "The Idempotency-Key must have 1 to 255 printable characters.");
      }
      const bytes = await readBody(request, MAX_BODY_BYTES);
      if (!bytes) return problemResponse(413, "too_large", "The body must be at most 5 MB.");
      const parsed = parseSubmissionBody(parseJson(bytes));
      if ("errors" in parsed) {
        return problemResponse(422, "invalid_input", "The body is not right.", { errors: parsed.errors });
      }
      const tokenId = actor.type === "token" ? actor.id : null;
      const requestKey = `api:${tokenId}:${idempotencyKey ?? randomUUID()}`;
      const { submissionId, repeated } = await submitLeads(context, { submission: parsed.submission, requestKey });
      const leads = parsed.submission.leads.length;
      if (!repeated) {
        await recordAudit(context, {
          actor,
          action: "submission.submit",
          subject: { type: "submission", id: submissionId },
          detail: { leads },
        });
      }
      log.info("api_submit", {
        submissionId,
        tokenId,
        kind: parsed.submission.kind,
        leads,
        repeated,
        ms: Date.now() - startedAt,
      });
      runJobsAfterwards();
      return Response.json(await getSubmission(context, submissionId), {
        status: repeated ? 200 : 201,
        headers: { location: `/api/submissions/${submissionId}`, "cache-control": "no-store" },
      });
    },
    "submit",
  );
}

/** What is no JSON is undefined, and then no body at all. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
