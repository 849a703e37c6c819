"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { complaintOf } from "@/app/complaint";
import { createApiToken } from "@/lib/api-tokens/create";
import { revokeApiToken } from "@/lib/api-tokens/revoke";
import { appContext } from "@/lib/context";

export type NewTokenState = { token: string; name: string } | { error: string } | null;

/** Makes a token; what is returned is the only time that it is seen. */
export async function makeToken(_previous: NewTokenState, form: FormData): Promise<NewTokenState> {
  const name = String(form.get("name") ?? "");
  try {
    const { token } = await createApiToken(appContext(), { name });
    revalidatePath("/settings/api-tokens");
    return { token, name: name.trim() };
  } catch (error) {
    return { error: complaintOf(error) };
  }
}

export type RevokeState = { error: string } | null;

/** Ends a token, once the person has ticked that they mean it. */
export async function revokeToken(_previous: RevokeState, form: FormData): Promise<RevokeState> {
  if (form.get("sure") !== "on") return { error: "Tick the box first: this can't be undone." };
  try {
    await revokeApiToken(appContext(), { tokenId: String(form.get("tokenId") ?? "") });
  } catch (error) {
    return { error: complaintOf(error) };
  }
  redirect("/settings/api-tokens");
}
