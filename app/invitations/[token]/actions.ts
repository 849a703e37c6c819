"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action, inputs } from "@/app/action";
import { clientAddress } from "@/app/client-address";
import { setSessionCookies } from "@/app/session-cookies";
import { acceptInvitation } from "@/lib/access/accept-invitation";
import { signIn } from "@/lib/access/sign-in";
import { AppError } from "@/lib/errors";
import { insecureOriginProblem } from "@/lib/request-origin";

/** Makes the invited person a user, and signs them in. The link's token is what admits them. */
export const accept = action({
  may: "anyone",
  input: inputs({ token: z.string(), name: z.string(), password: z.string() }),
  keeps: ["name"],
  run: async ({ context, input }) => {
    const request = await headers();
    // Checked before the link is used up, because the browser would drop the cookie.
    const problem = insecureOriginProblem(context.access, request);
    if (problem) throw new AppError("invalid_input", problem);
    const address = clientAddress(request);
    const { email } = await acceptInvitation(context, { ...input, address });
    await setSessionCookies(await signIn(context, { email, password: input.password, headers: request, address }));
  },
  after: () => redirect("/"),
});
