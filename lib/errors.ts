/**
 * The ways in which a request to this product can fail. Each edge (server action, route handler, page) maps a code to
 * its own form; anything that is not an `AppError` is a defect and never reaches a browser.
 */
export type AppErrorCode =
  | "invalid_input"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_many"
  | "upstream"
  | "unavailable";

/** An expected failure. `message` is written for the person who reads it and holds no secret. */
export class AppError extends Error {
  override readonly name = "AppError";

  constructor(
    readonly code: AppErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A variable or the machine is not set up as needed: one sentence that names the thing and the mend. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
