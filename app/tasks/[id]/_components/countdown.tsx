"use client";

import { useEffect, useState } from "react";
import { serverNow } from "@/app/_components/use-now";

/** How long until a moment, in seconds or minutes; `passed` once it is over, and before the browser's clock is known. */
export function Countdown({ iso, passed }: { iso: string; passed: string }) {
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  useEffect(() => {
    const update = () => setSecondsLeft(Math.ceil((Date.parse(iso) - serverNow()) / 1000));
    update();
    const timer = setInterval(update, 1_000);
    return () => clearInterval(timer);
  }, [iso]);
  if (secondsLeft === null || secondsLeft <= 0) return passed;
  return (
    <span className="tabular">in {secondsLeft < 120 ? `${secondsLeft} s` : `${Math.ceil(secondsLeft / 60)} min`}</span>
  );
}
