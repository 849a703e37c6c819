"use client";

import type { SyntheticEvent } from "react";
import { hintProps } from "@/app/_components/hint";
import { ownTime, timeAgo, utcTime } from "@/app/_components/moments";
import { useWordsOfNow } from "@/app/_components/use-now";

/**
 * A moment, as how long ago it was; the exact time, in the reader's own zone, on hover and on focus. Where JavaScript does
 * not come, and before it does, zone and clock are the server's: UTC.
 */
export function Time({ iso }: { iso: string }) {
  const words = useWordsOfNow((now, isOwnClock) => timeAgo(iso, now, isOwnClock));
  const hint = hintProps(utcTime(iso));
  // Not for each at each tick: there may be a hundred, and few are ever looked at.
  const tellOwnZone = ({ currentTarget }: SyntheticEvent<HTMLElement>) => {
    currentTarget.dataset.hint = ownTime(iso);
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
      {words}
    </time>
  );
}

/** A moment, exactly, in the reader's own zone. */
export function ExactTime({ iso }: { iso: string }) {
  const words = useWordsOfNow((_, isOwnClock) => (isOwnClock ? ownTime(iso) : utcTime(iso)));
  return (
    <time dateTime={iso} className="tabular">
      {words}
    </time>
  );
}
