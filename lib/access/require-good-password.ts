import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@/lib/access/password-length";
import { AppError } from "@/lib/errors";

/** @throws AppError `invalid_input` for a password that is too short or too long */
export function requireGoodPassword(password: string): void {
  if (password.length >= MIN_PASSWORD_LENGTH && password.length <= MAX_PASSWORD_LENGTH) return;
  throw new AppError(
    "invalid_input",
    `Use ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters for the password: a few words will do.`,
  );
}
