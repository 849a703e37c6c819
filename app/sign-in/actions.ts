"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { currentActor } from "@/app/access";
import type { ActionState } from "@/app/action-state";
import { clientAddress } from "@/app/client-address";
import { complaintOf } from "@/app/complaint";
import { setSessionCookies } from "@/app/session-cookies";
import { ownPath } from "@/app/sign-in/sign-in-href";
import { textOf } from "@/app/text-of";
import { signIn } from "@/lib/access/sign-in";
import { signInByProvider } from "@/lib/access/sign-in-by-provider";
import { signOut } from "@/lib/access/sign-out";
import { appContext } from "@/lib/context";
import { insecureOriginProblem } from "@/lib/request-origin";

/** `email` is what was typed, so that it stays. */
export type SignInState = { error: string; email: string } | null;

/** Signs in by email and password; ends on the page that was asked for. */
export async function signInWithPassword(_previous: SignInState, form: FormData): Promise<SignInState> {
  const email = textOf(form, "email");
  const request = await headers();
  const problem = insecureOriginProblem(appContext().access, request);
  if (problem) return { error: problem, email };
  try {
    const password = textOf(form, "password");
    const given = { email, password, headers: request, address: clientAddress(request) };
    await setSessionCookies(await signIn(appContext(), given));
  } catch (error) {
    return { error: complaintOf(error), email };
  }
  redirect(ownPath(form.get("next")));
}

/** Goes to a provider, which sends the person back to its callback. */
export async function signInWithProvider(_previous: SignInState, form: FormData): Promise<SignInState> {
  const request = await headers();
  const problem = insecureOriginProblem(appContext().access, request);
  if (problem) return { error: problem, email: "" };
  let url: string;
  try {
    const given = { provider: textOf(form, "provider"), next: ownPath(form.get("next")) };
    const started = await signInByProvider(appContext(), {
      ...given,
      headers: request,
      address: clientAddress(request),
    });
    await setSessionCookies(started.cookies);
    url = started.url;
  } catch (error) {
    return { error: complaintOf(error), email: "" };
  }
  // Another site's, so typed routes know nothing of it.
  redirect(url as never);
}

/** Ends this session. Who is signed out already ends on the same page. */
export async function endSession(): Promise<ActionState> {
  const actor = await currentActor();
  if (actor?.type === "user") await setSessionCookies(await signOut(appContext(), actor, await headers()));
  redirect("/sign-in");
}
