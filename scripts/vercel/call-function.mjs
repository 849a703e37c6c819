/**
 * Serves one function of Vercel's build output on loopback, as Vercel's own launcher would call it. The first argument is
 * its folder. It tells its port, and after each answer all the files that it has loaded.
 */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";

const folder = process.argv[2];
const require = createRequire(path.join(folder, "launcher.cjs"));
/** `after()` hands its work over by this, and the host waits for it. */
globalThis[Symbol.for("@vercel/request-context")] = { get: () => ({ waitUntil: () => {} }) };

const handler = require(path.join(folder, "___next_launcher.cjs"));
const server = createServer((request, response) => {
  response.once("close", () => process.send({ loaded: Object.keys(require.cache) }));
  handler(request, response);
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.once("disconnect", () => process.exit());
