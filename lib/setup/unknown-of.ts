import type { Fact } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";

/** What a point says that hangs on a fact which could not be had from the database. The cause has a point of its own. */
export function unknownOf(
  fact: Extract<Fact<unknown>, { known: false }>,
): Pick<SetupPoint, "state" | "finding" | "mend"> {
  const why = {
    slow: "the database did not answer in time",
    unmigrated: "the database lacks migrations",
    failed: "the database could not be asked",
  }[fact.why];
  return { state: "unknown", finding: `Not known: ${why}.`, mend: null };
}
