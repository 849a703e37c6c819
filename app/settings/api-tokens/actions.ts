"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { requireActor } from "@/app/access";
import { complaintOf } from "@/app/complaint";
import { textOf } from "@/app/text-of";
import { createApiToken } from "@/lib/api-tokens/create";
import { revokeApiToken } from "@/lib/api-tokens/revoke";
import { recordAudit } from "@/lib/audit/record";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";

export type NewTokenState = { token: string; name: string } | { error: string } | null;

/** Makes a token; what is returned is the only time that it is seen. */
export async function makeToken(_previous: NewTokenState, form: FormData): Promise<NewTokenState> {
  try {
    const actor = await requireActor("admin");
    const name = textOf(form, "name");
    const scopes = form.getAll("scope").map(String);
    const days = textOf(form, "expiresInDays");
    const expiresInDays = days === "" ? null : Number(days);
    const { id, token } = await createApiToken(appContext(), { name, scopes, expiresInDays, actor });
    const subject = { type: "token" as const, id };
    const detail = { name: name.trim(), scopes: scopes.join(", "), expiresInDays };
    await recordAudit(appContext(), { actor, action: "token.create", subject, detail });
    revalidatePath("/settings/api-tokens");
    return { token, name: name.trim() };
  } catch (error) {
    return { error: complaintOf(error) };
  }
}

export type RevokeState = { error: string } | null;

/** Ends a token, once the person has ticked that they mean it. */
export async function revokeToken(_previous: RevokeState, form: FormData): Promise<RevokeState> {
  try {
    const actor = await requireActor("admin");
    if (form.get("sure") !== "on") throw new AppError("invalid_input", "Tick the box first: this can't be undone.");
    const tokenId = textOf(form, "tokenId");
    await revokeApiToken(appContext(), { tokenId });
    await recordAudit(appContext(), { actor, action: "token.revoke", subject: { type: "token", id: tokenId } });
  } catch (error) {
    return { error: complaintOf(error) };
  }
  redirect("/settings/api-tokens");
}
