/** Runs once before the server takes its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startServer } = await import("@/lib/start-server");
  startServer();
  const { env } = await import("@/lib/env");
  if (process.env.NODE_ENV === "production" && !env().isServerless) {
    const { loadPagesSoon } = await import("@/app/load-pages");
    loadPagesSoon(env().port);
  }
  if (process.env.NODE_ENV === "development") {
    const { compilePagesSoon } = await import("@/app/compile-pages");
    compilePagesSoon(env());
  }
  if (!env().isTraced) return;
  const { startTracing } = await import("@/app/start-tracing");
  const { atTheEnd } = await import("@/lib/shutdown");
  atTheEnd(startTracing(env()).flush);
}
