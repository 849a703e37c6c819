"use client";

import { useEffect, useState } from "react";
import { hintProps } from "@/app/_components/hint";

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

const STEPS: { unit: Intl.RelativeTimeFormatUnit; seconds: number }[] = [
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
];

/**
 * A moment, as how long ago it was; the exact time, in the reader's own zone, on hover and on focus. Until the browser
 * takes over it stands as UTC: the server knows neither the reader's zone nor their clock.
 */
export function Time({ iso }: { iso: string }) {
  const now = useNow();
  const hint = hintProps(now === null ? utc(iso) : exactTime(iso));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time is to be had without a mouse as well.
    <time dateTime={iso} {...hint} className={`${hint.className} tabular`} tabIndex={0}>
      {now === null ? utc(iso) : timeAgo(iso, now)}
    </time>
  );
}

/** A moment, exactly, in the reader's own zone. */
export function ExactTime({ iso }: { iso: string }) {
  const now = useNow();
  return (
    <time dateTime={iso} className="tabular">
      {now === null ? utc(iso) : exactTime(iso)}
    </time>
  );
}

function useNow(): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function timeAgo(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const step = STEPS.find((candidate) => Math.abs(seconds) >= candidate.seconds);
  if (!step) return "just now";
  if (step.unit === "day" && seconds < -7 * 86_400)
    return new Date(iso).toLocaleDateString("en-GB", { dateStyle: "medium" });
  return relative.format(Math.trunc(seconds / step.seconds), step.unit);
}

function exactTime(iso: string): string {
  return new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" });
}

function utc(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
