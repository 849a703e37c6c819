"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action, inputs } from "@/app/action";
import { clientAddress } from "@/app/client-address";
import { setSessionCookies } from "@/app/session-cookies";
import { acceptInvitation } from "@/lib/access/accept-invitation";
import { signIn } from "@/lib/access/sign-in";

/** Makes the invited person a user, and signs them in. The link's token is what admits them. */
export const accept = action({
  may: "anyone",
  input: inputs({ token: z.string(), name: z.string(), password: z.string() }),
  keeps: ["name"],
  run: async ({ context, input }) => {
    const request = await headers();
    const address = clientAddress(request);
    const { email } = await acceptInvitation(context, { ...input, address });
    await setSessionCookies(await signIn(context, { email, password: input.password, headers: request, address }));
  },
  after: () => redirect("/"),
});
