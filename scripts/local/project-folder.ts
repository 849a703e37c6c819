import { fileURLToPath } from "node:url";

/** The checkout's root. Scripts work from any current folder. */
export const PROJECT_DIR = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
