import { headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";
import { PATH_HEADER } from "@/app/request-headers";
import { signInHref } from "@/app/sign-in/sign-in-href";
import { findActor } from "@/lib/access/find-actor";
import { type Actor, isAdmin, type Role } from "@/lib/actor";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";

/** Who makes this request; null where nobody is signed in. Asked by layout, page and title, read once a request. */
export const currentActor = cache(async (): Promise<Actor | null> => findActor(appContext(), await headers()));

/**
 * For each page, before it reads anything: whoever is not signed in goes to sign in, and comes back here. For a page that
 * is for admins, members are told to ask one.
 */
export async function requirePage(role: Role = "member"): Promise<Actor> {
  const actor = await currentActor();
  if (!actor) redirect(signInHref((await headers()).get(PATH_HEADER)));
  if (role === "admin" && !isAdmin(actor)) forbidden();
  return actor;
}

/**
 * For each server action, before it looks at what it was given: anybody can call one, from anywhere.
 *
 * @throws AppError `unauthorized`, `forbidden`, or `unavailable` where sign-in is not set up
 */
export async function requireActor(role: Role = "member"): Promise<Actor> {
  return allow(await currentActor(), role);
}

/** As `requireActor`, for an actor that is known. */
export function allow(actor: Actor | null, role: Role): Actor {
  const { access } = appContext();
  if (access.mode === "unset") {
    throw new AppError(
      "unavailable",
      `Sign-in is not set up: set ${access.missing.join(" and ")}, and start the app again.`,
    );
  }
  if (!actor)
    throw new AppError("unauthorized", "You are signed out. Sign in again in another tab; what you typed here stays.");
  if (role === "admin" && !isAdmin(actor)) throw new AppError("forbidden", "Only admins can do this. Ask an admin.");
  return actor;
}

/** What belongs to a person alone, such as a password. @throws AppError as `requireActor` */
export async function requireUser(): Promise<Extract<Actor, { type: "user" }>> {
  const actor = await requireActor();
  if (actor.type !== "user") throw new AppError("conflict", "Nobody is signed in here, and nobody needs to be.");
  return actor;
}
