/** `npm run db:migrate`: brings the database in DATABASE_URL up to date, for a deployment. */
import { readEnvFiles } from "@/scripts/local/env-files";
import { migrateGivenDatabase } from "@/scripts/local/migrate-database";
import { runScript } from "@/scripts/local/run-script";

await runScript(async () => {
  await migrateGivenDatabase(readEnvFiles("production"));
  return 0;
});
