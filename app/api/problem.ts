import { AppError, type AppErrorCode } from "@/lib/errors";
import { log } from "@/lib/log";

const STATUS: Record<AppErrorCode, number> = {
  invalid_input: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many: 429,
  upstream: 502,
  unavailable: 503,
};

/** A problem of type about:blank has the status' own phrase for its title (RFC 9457, 4.2.1). */
const STATUS_TEXT: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** Answers an error as problem details (RFC 9457). What is no `AppError` is logged, and tells nothing to the caller. */
export function problem(error: unknown): Response {
  if (error instanceof AppError) {
    const response = problemResponse(STATUS[error.code], error.code, error.message);
    if (error.code === "unauthorized") response.headers.set("www-authenticate", "Bearer");
    return response;
  }
  log.error("request_failed", error);
  return problemResponse(500, "internal", "Something went wrong on our side.");
}

/** `more` are further members, such as the single errors of a body. */
export function problemResponse(status: number, code: string, detail: string, more: object = {}): Response {
  return Response.json(
    { type: "about:blank", title: STATUS_TEXT[status] ?? "Error", status, code, detail, ...more },
    { status, headers: { "content-type": "application/problem+json", "cache-control": "no-store" } },
  );
}
