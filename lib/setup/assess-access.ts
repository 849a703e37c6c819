import type { SetupFacts } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";

/** Who gets in. */
export function assessAccess({ surroundings: { access } }: SetupFacts): SetupPoint[] {
  return [{ id: "sign_in", group: "access", title: "Sign-in", ...readSignIn(access) }];
}

function readSignIn(access: SetupFacts["surroundings"]["access"]): Pick<SetupPoint, "state" | "finding" | "mend"> {
  switch (access.mode) {
    case "open":
      return { state: "ok", finding: "None is needed, since the API is a sandbox on this machine.", mend: null };
    case "unset":
      return {
        state: "bad",
        finding: "It is not set up, so nobody gets in.",
        mend: `Set ${access.missing.map((name) => `\`${name}\``).join(" and ")}, and start the app again.`,
      };
    case "sign_in":
      if (!access.hasAdminPassword) return { state: "ok", finding: "People sign in with an account.", mend: null };
      return {
        state: "warn",
        finding: "People sign in with an account. The first admin’s password still stands in `ADMIN_PASSWORD`.",
        mend: "Once the first admin has signed in, take the variable away: the account keeps its own password.",
      };
  }
}
