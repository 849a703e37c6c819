/**
 * `node migrate.mjs` in the standalone folder: the same as `npm run db:migrate`, with the environment alone. It is bundled
 * into one file, since neither npm nor tsx is there.
 */
import { migrateGivenDatabase } from "@/scripts/local/migrate-database";
import { runScript } from "@/scripts/local/run-script";

await runScript(async () => {
  await migrateGivenDatabase(process.env);
  return 0;
});
