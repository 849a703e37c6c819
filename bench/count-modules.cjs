// Loaded before a server by `npm run bench:start`: tells at its end which modules it had loaded.
const { appendFileSync } = require("node:fs");

process.on("exit", () => appendFileSync(process.env.MODULES_FILE, `${Object.keys(require.cache).length}\n`));
