"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action, inputs, ticked } from "@/app/action";
import { createApiToken } from "@/lib/api-tokens/create";
import { revokeApiToken } from "@/lib/api-tokens/revoke";

/** Creates a token, which is returned this once. */
export const makeToken = action({
  may: "admin",
  input: inputs({
    name: z.string().trim(),
    scope: z.array(z.string()),
    expiresInDays: z.string().transform((days) => (days === "" ? null : Number(days))),
  }),
  run: async ({ context, actor, input: { name, scope: scopes, expiresInDays } }) => {
    const { id, token } = await createApiToken(context, { name, scopes, expiresInDays, actor });
    return { id, token, name };
  },
  audit: ({ input: { name, scope, expiresInDays }, value: { id } }) => ({
    action: "token.create",
    subject: { type: "token", id },
    detail: { name, scopes: scope.join(", "), expiresInDays },
  }),
  after: () => revalidatePath("/settings/api-tokens"),
});

/** Revokes a token, once the person has ticked the box. */
export const revokeToken = action({
  may: "admin",
  input: inputs({ tokenId: z.string(), sure: ticked() }),
  run: ({ context, input: { tokenId } }) => revokeApiToken(context, { tokenId }),
  audit: ({ input: { tokenId } }) => ({ action: "token.revoke", subject: { type: "token", id: tokenId } }),
  after: () => redirect("/settings/api-tokens"),
});
