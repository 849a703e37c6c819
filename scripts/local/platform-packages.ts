interface LockEntry {
  version?: string;
  integrity?: string;
  /** A folder of this project, or one that another entry stands for. */
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  cpu?: string[];
  os?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export type LockedPackages = Record<string, LockEntry>;

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "ppc64", "riscv64", "s390x", "x64"];

/** The optional dependencies that no entry of the lock file stands for. */
export function missingPlatformPackages(packages: LockedPackages): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const [place, { optionalDependencies, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      const isThere = [`${place}/node_modules/${name}`, `node_modules/${name}`].some((key) => key in packages);
      const platform = readPlatform(name);
      if (isThere || !platform) continue;
      missing[`node_modules/${name}`] = { version, ...platform, ...(dev ? { dev } : {}), optional: true };
    }
  }
  return missing;
}

/** The packages of the lock file whose content npm could not verify, by their places. */
export function withoutIntegrity(packages: LockedPackages): Record<string, { name: string; version: string }> {
  const unverified = Object.entries(packages).filter(([place, { integrity, link }]) => place && !integrity && !link);
  return Object.fromEntries(
    unverified.map(([place, { version = "" }]) => [
      place,
      { name: place.split("node_modules/").at(-1) ?? "", version },
    ]),
  );
}

/** Platform packages are named after theirs: `@rollup/rollup-linux-arm64-musl`. Null for any other name. */
function readPlatform(name: string): Pick<LockEntry, "cpu" | "os" | "libc"> | null {
  const words = name.split(/[/-]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (!os || !cpu) return null;
  const libc = words.some((word) => /^musl/.test(word))
    ? "musl"
    : words.some((word) => /^gnu/.test(word))
      ? "glibc"
      : null;
  return { cpu: [cpu], ...(os === "linux" && libc ? { libc: [libc] } : {}), os: [os] };
}
