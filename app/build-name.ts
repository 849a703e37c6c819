/** The name of the build that this code belongs to. `next.config.ts` makes it, and all answers of routes carry it. */
export const BUILD_NAME = process.env.BUILD_NAME ?? "";
