"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { clientAddress } from "@/app/client-address";
import { complaintOf } from "@/app/complaint";
import { setSessionCookies } from "@/app/session-cookies";
import { textOf } from "@/app/text-of";
import { acceptInvitation } from "@/lib/access/accept-invitation";
import { signIn } from "@/lib/access/sign-in";
import { appContext } from "@/lib/context";
import { insecureOriginProblem } from "@/lib/request-origin";

/** `name` is what was typed, so that it stays. */
export type AcceptState = { error: string; name: string } | null;

/** Makes whom a link is for a user, and signs them in. The link is what lets them: nobody is signed in yet. */
export async function accept(_previous: AcceptState, form: FormData): Promise<AcceptState> {
  const name = textOf(form, "name");
  const request = await headers();
  try {
    const context = appContext();
    // Before the link is used up: the browser would drop the cookie.
    const problem = insecureOriginProblem(context.access, request);
    if (problem) return { error: problem, name };
    const password = textOf(form, "password");
    const address = clientAddress(request);
    const { email } = await acceptInvitation(context, { token: textOf(form, "token"), name, password, address });
    await setSessionCookies(await signIn(context, { email, password, headers: request, address }));
  } catch (error) {
    return { error: complaintOf(error), name };
  }
  redirect("/");
}
