import { problem } from "@/app/api/problem";
import { authOf } from "@/lib/access/auth";
import { appContext } from "@/lib/context";

/** Where a provider sends people back to. better-auth judges what they bring, and sends them on. */
export async function GET(request: Request): Promise<Response> {
  try {
    const context = appContext();
    const { access } = context;
    const auth = authOf(context);
    // Behind a proxy the request names another origin than the one that the provider was told.
    const { pathname, search } = new URL(request.url);
    const origin = access.mode === "sign_in" ? access.origin : "";
    return await auth.handler(new Request(origin + pathname + search, { headers: request.headers }));
  } catch (error) {
    return problem(error);
  }
}
