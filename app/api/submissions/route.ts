import { randomUUID } from "node:crypto";
import type { NextRequest } from "next/server";
import { authorise } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem, problemResponse } from "@/app/api/problem";
import { reconcileAfterwards } from "@/app/reconcile-afterwards";
import { appContext } from "@/lib/context";
import { readBody } from "@/lib/deliveries/read-body";
import { log } from "@/lib/log";
import { parseSubmissionBody } from "@/lib/submissions/api-input";
import { getSubmission } from "@/lib/submissions/get";
import { listSubmissions } from "@/lib/submissions/list";
import { submitLeads } from "@/lib/submissions/submit-leads";

const MAX_BODY_BYTES = 5_000_000;

/** The list of submissions: `?cursor=` a page's nextCursor, `?limit=` 1 to 100. */
export async function GET(request: NextRequest): Promise<Response> {
  try {
    const context = appContext();
    const caller = await authorise(context, request, { isTokenNeeded: false });
    if ("refusal" in caller) return caller.refusal;
    const page = await listSubmissions(context, Object.fromEntries(request.nextUrl.searchParams));
    return jsonWithEtag(request, page);
  } catch (error) {
    return problem(error);
  }
}

/**
 * Submits leads. With an `Idempotency-Key` the same request again answers the same submission; without one it is another
 * submission, and is charged again.
 */
export async function POST(request: NextRequest): Promise<Response> {
  const startedAt = Date.now();
  try {
    const context = appContext();
    const caller = await authorise(context, request, { isTokenNeeded: true });
    if ("refusal" in caller) return caller.refusal;
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
    const requestKey = `api:${caller.tokenId}:${idempotencyKey ?? randomUUID()}`;
    const { submissionId, repeated } = await submitLeads(context, { submission: parsed.submission, requestKey });
    log.info("api_submit", {
      submissionId,
      tokenId: caller.tokenId,
      kind: parsed.submission.kind,
      leads: parsed.submission.leads.length,
      repeated,
      ms: Date.now() - startedAt,
    });
    reconcileAfterwards();
    return Response.json(await getSubmission(context, submissionId), {
      status: repeated ? 200 : 201,
      headers: { location: `/api/submissions/${submissionId}`, "cache-control": "no-store" },
    });
  } catch (error) {
    return problem(error);
  }
}

/** What is no JSON is undefined, and then no body at all. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
