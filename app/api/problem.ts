import { errorForLog } from "@/lib/error-for-log";
import { AppError, type AppErrorCode } from "@/lib/errors";

const STATUS: Record<AppErrorCode, number> = {
  invalid_input: 400,
  not_found: 404,
  conflict: 409,
  upstream: 502,
  unavailable: 503,
};

/** Answers an error as problem details (RFC 9457). What is no `AppError` is logged, and tells nothing to the caller. */
export function problem(error: unknown): Response {
  if (error instanceof AppError) return problemResponse(STATUS[error.code], error.code, error.message);
  console.error(errorForLog(error));
  return problemResponse(500, "internal", "Something went wrong on our side.");
}

export function problemResponse(status: number, code: string, detail: string): Response {
  return Response.json(
    { type: "about:blank", status, code, detail },
    { status, headers: { "content-type": "application/problem+json", "cache-control": "no-store" } },
  );
}
