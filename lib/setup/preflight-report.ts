import { z } from "zod";
import { DELIVERY_OUTCOMES } from "@/lib/deliveries/delivery-view";

/** Why a test delivery got no answer. */
const NO_ANSWER_REASONS = ["dns", "refused", "tls", "timeout", "no_route", "broken"] as const;

/**
 * What a preflight sent, what was answered, and what the log has of it: the facts, and nothing that is a secret. It is
 * kept in the database, so it is checked when it is read.
 */
export const preflightReport = z.object({
  ranAt: z.iso.datetime(),
  /** The address without its parameters, which may hold secrets. */
  sentTo: z.string(),
  bodyBytes: z.number(),
  isSigned: z.boolean(),
  /** Until the answer had come, or had not. */
  tookMs: z.number(),
  answer: z.discriminatedUnion("type", [
    z.object({
      type: z.literal("answer"),
      status: z.number(),
      /** ours: as the webhook's door of this app answers. */
      form: z.enum(["ours", "html", "other"]),
      /** Who answered, where its headers tell. */
      host: z.enum(["vercel", "cloudflare"]).nullable(),
      /** Where a redirect leads, without parameters; `origin` is null where it is the one that was called. */
      redirect: z.object({ origin: z.string().nullable(), path: z.string() }).nullable(),
      clockSkewSeconds: z.number().nullable(),
    }),
    z.object({ type: z.literal("none"), reason: z.enum(NO_ANSWER_REASONS) }),
  ]),
  log: z.discriminatedUnion("type", [
    z.object({
      type: z.literal("found"),
      deliveryId: z.string(),
      signature: z.enum(["valid", "unsigned", "missing", "malformed", "mismatch", "expired"]),
      signatureAgeSeconds: z.number().nullable(),
      outcome: z.enum(DELIVERY_OUTCOMES),
      /** rewritten: the same JSON in other bytes. */
      body: z.enum(["same", "rewritten", "changed"]),
    }),
    z.object({ type: z.literal("missing") }),
    z.object({ type: z.literal("unreadable") }),
  ]),
});

export type PreflightReport = z.infer<typeof preflightReport>;
export type PreflightAnswer = PreflightReport["answer"];
export type PreflightLog = PreflightReport["log"];
