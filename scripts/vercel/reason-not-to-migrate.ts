import type { Variables } from "@/lib/env";

/**
 * Why a build on Vercel leaves the database alone; null where it applies the migrations. A preview may have been given
 * production's database, which its branch must not change, so it needs somebody's word that it has its own.
 */
export function reasonNotToMigrate(variables: Variables): string | null {
  const { VERCEL_ENV: kind, DATABASE_URL, DATABASE_URL_UNPOOLED, PREVIEW_HAS_OWN_DATABASE } = variables;
  if (kind !== "production" && kind !== "preview") return "this is no deployment. Use `npm run db:migrate`.";
  if (kind === "preview" && !PREVIEW_HAS_OWN_DATABASE) {
    return "this is a preview, and PREVIEW_HAS_OWN_DATABASE is not true.";
  }
  if (DATABASE_URL || DATABASE_URL_UNPOOLED) return null;
  return "DATABASE_URL is not set for this build. The app will not start without it.";
}
