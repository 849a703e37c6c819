import { headers } from "next/headers";
import { allow, currentActor } from "@/app/access";
import { problem } from "@/app/api/problem";
import type { Actor } from "@/lib/actor";
import { authenticate } from "@/lib/api-tokens/authenticate";
import type { TokenScope } from "@/lib/api-tokens/scopes";
import { appContext, type Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

/** Who may call a route: people who are signed in, programs with a token, or both. */
type Callers = "people" | "programs" | "both";

interface Call {
  context: Context;
  actor: Actor;
}

/**
 * Answers a request for whoever may make it; a program needs a token with `scope` for that. What goes wrong is answered as problem details. Every route of ours but the
 * webhook's, the scheduler's and the health checks' goes through here, so that none is open by mistake.
 */
export async function answer(
  callers: Callers,
  work: (call: Call) => Promise<Response>,
  scope: TokenScope = "read",
): Promise<Response> {
  try {
    const context = appContext();
    return await work({ context, actor: await authorise(context, callers, scope) });
  } catch (error) {
    return problem(error);
  }
}

/** A header that is no good is refused, also where a session would have been enough. */
async function authorise(context: Context, callers: Callers, scope: TokenScope): Promise<Actor> {
  const authorization = (await headers()).get("authorization");
  if (authorization === null && callers !== "programs")
    return allow(await currentActor(), scope === "admin" ? "admin" : "member");
  const token = callers === "people" ? null : await authenticate(context, authorization, scope);
  if (token) return token;
  throw new AppError("unauthorized", refusal(callers, authorization !== null));
}

function refusal(callers: Callers, hasHeader: boolean): string {
  if (callers === "people") return "This route is for people who are signed in, and takes no token.";
  return hasHeader
    ? "This API token is not known, has expired or was revoked."
    : "Send an API token as `Authorization: Bearer …`; make one under Settings in the dashboard.";
}
