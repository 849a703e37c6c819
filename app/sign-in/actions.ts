"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { currentActor } from "@/app/access";
import { action, inputs } from "@/app/action";
import { clientAddress } from "@/app/client-address";
import { setSessionCookies } from "@/app/session-cookies";
import { ownPath } from "@/app/sign-in/sign-in-href";
import { signIn } from "@/lib/access/sign-in";
import { signInByProvider } from "@/lib/access/sign-in-by-provider";
import { signOut } from "@/lib/access/sign-out";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { insecureOriginProblem } from "@/lib/request-origin";

/** Signs in by email and password; ends on the page that was asked for. */
export const signInWithPassword = action({
  may: "anyone",
  input: inputs({ email: z.string(), password: z.string(), next: z.string().transform(ownPath) }),
  keeps: ["email"],
  run: async ({ context, input: { email, password } }) => {
    await setSessionCookies(await signIn(context, { email, password, ...(await secureRequest(context)) }));
  },
  after: ({ input }) => redirect(input.next),
});

/** Goes to a provider, which sends the person back to its callback. */
export const signInWithProvider = action({
  may: "anyone",
  input: inputs({ provider: z.string(), next: z.string().transform(ownPath) }),
  run: async ({ context, input }) => {
    const { cookies, url } = await signInByProvider(context, { ...input, ...(await secureRequest(context)) });
    await setSessionCookies(cookies);
    return { url };
  },
  // The address is the provider's, so typed routes do not know it.
  after: ({ value }) => redirect(value.url as never),
});

/** Ends this session. Who is signed out already ends on the same page. */
export const endSession = action({
  may: "anyone",
  input: inputs({}),
  run: async ({ context }) => {
    const actor = await currentActor();
    if (actor?.type === "user") await setSessionCookies(await signOut(context, actor, await headers()));
  },
  after: () => redirect("/sign-in"),
});

/** @throws AppError `forbidden` where the connection is not one to send a password over */
async function secureRequest({ access }: Context) {
  const request = await headers();
  const problem = insecureOriginProblem(access, request);
  if (problem) throw new AppError("forbidden", problem);
  return { headers: request, address: clientAddress(request) };
}
