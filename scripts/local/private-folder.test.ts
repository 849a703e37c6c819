import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { keptSecret } from "@/scripts/local/kept-secret";
import { makePrivateFolder } from "@/scripts/local/private-folder";

const modeOf = async (name: string) => ((await stat(name)).mode & 0o777).toString(8);

test.skipIf(process.platform === "win32")(
  "what is in the data folder is its owner's alone, also what was open before",
  async () => {
    const parent = await mkdtemp(path.join(tmpdir(), "private-folder-"));
    const folder = path.join(parent, ".data");
    await mkdir(path.join(folder, "postgres"), { recursive: true, mode: 0o755 });
    await writeFile(path.join(folder, "sandbox.jsonl"), "", { mode: 0o644 });
    await makePrivateFolder(folder);
    await keptSecret(path.join(folder, "auth-secret"), () => "secret");
    // Root lets Postgres' own user pass through, and nobody list or read.
    expect(await modeOf(folder)).toBe(process.getuid?.() === 0 ? "711" : "700");
    expect(await modeOf(path.join(folder, "postgres"))).toBe("700");
    for (const file of ["sandbox.jsonl", "auth-secret"]) expect(await modeOf(path.join(folder, file))).toBe("600");
    await rm(parent, { recursive: true });
  },
);
