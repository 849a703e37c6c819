/**
 * `npm run invite -- ada@example.com admin`: prints a link by which somebody becomes a user, or chooses a new password. For
 * when no admin can sign in. Needs DATABASE_URL, and APP_URL for a whole link.
 */
import { openDatabase } from "@/db/client";
import { INVITATION_LASTS_IN_DAYS, invite } from "@/lib/access/invite";
import type { Context } from "@/lib/context";
import { parseVariables } from "@/lib/env";
import { AppError, ConfigError } from "@/lib/errors";
import { readEnvFiles } from "@/scripts/local/env-files";
import { runScript } from "@/scripts/local/run-script";

await runScript(async () => {
  const [email = "", role = "member"] = process.argv.slice(2);
  const { DATABASE_URL, APP_URL, PORT } = parseVariables(readEnvFiles("production"));
  if (!DATABASE_URL) throw new ConfigError("DATABASE_URL is not set. Set it in the environment or in .env.");
  const { db, close } = openDatabase(DATABASE_URL, { maxConnections: 1 });
  try {
    // An invitation needs no more of the context than the database.
    const made = await invite({ db } as Context, { type: "nobody" }, { email, role });
    console.info(`For ${made.email}, as ${role}; it works once, within ${INVITATION_LASTS_IN_DAYS} days:`);
    console.info(`${APP_URL ?? `http://localhost:${PORT}`}/invitations/${made.token}`);
  } catch (error) {
    if (error instanceof AppError)
      throw new ConfigError(`${error.message} As: npm run invite -- ada@example.com admin`);
    throw error;
  } finally {
    await close();
  }
  return 0;
});
