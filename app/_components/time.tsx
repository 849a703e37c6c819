"use client";

import type { SyntheticEvent } from "react";
import { hintProps } from "@/app/_components/hint";
import { useNow } from "@/app/_components/use-now";

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });
const exactUtc = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });
const dayUtc = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

const STEPS: { unit: Intl.RelativeTimeFormatUnit; seconds: number }[] = [
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
];
const RELATIVE_FOR_DAYS = 7;

/**
 * A moment, as how long ago it was; the exact time, in the reader's own zone, on hover and on focus. Where JavaScript does
 * not come, and before it does, zone and clock are the server's: UTC.
 */
export function Time({ iso }: { iso: string }) {
  const { now, isOwnClock } = useNow();
  const hint = hintProps(utcTime(iso));
  // Not for each at each tick: there may be a hundred, and few are ever looked at.
  const tellOwnZone = ({ currentTarget }: SyntheticEvent<HTMLElement>) => {
    currentTarget.dataset.hint = exact.format(new Date(iso));
  };
  return (
    <time
      dateTime={iso}
      {...hint}
      className={`${hint.className} tabular`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time is to be had without a mouse as well.
      tabIndex={0}
      onPointerEnter={tellOwnZone}
      onFocus={tellOwnZone}
    >
      {timeAgo(iso, now, isOwnClock ? day : dayUtc)}
    </time>
  );
}

/** A moment, exactly, in the reader's own zone. */
export function ExactTime({ iso }: { iso: string }) {
  const { isOwnClock } = useNow();
  return (
    <time dateTime={iso} className="tabular">
      {isOwnClock ? exact.format(new Date(iso)) : utcTime(iso)}
    </time>
  );
}

function timeAgo(iso: string, now: number, ofDay: Intl.DateTimeFormat): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const step = STEPS.find((candidate) => Math.abs(seconds) >= candidate.seconds);
  if (!step) return "just now";
  if (step.unit === "day" && seconds < -RELATIVE_FOR_DAYS * 86_400) return ofDay.format(new Date(iso));
  return relative.format(Math.trunc(seconds / step.seconds), step.unit);
}

function utcTime(iso: string): string {
  return exactUtc.format(new Date(iso));
}
