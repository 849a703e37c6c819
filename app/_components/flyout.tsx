"use client";

import { Paper } from "@mantine/core";
import { type ReactNode, type Ref, useEffect, useRef, useState } from "react";
import classes from "@/app/_components/flyout.module.css";

/** What a flyout's button has to have. */
interface FlyoutButtonProps {
  ref: Ref<HTMLButtonElement>;
  onClick: () => void;
  "aria-expanded": boolean;
  "aria-haspopup": "dialog";
}

interface FlyoutProps {
  /** The name of what comes up. */
  label: string;
  button: (props: FlyoutButtonProps, isOpen: boolean) => ReactNode;
  children: (close: () => void) => ReactNode;
  /** Which edge of the button it hangs from; on a small screen it takes the whole width. */
  side?: "start" | "end";
  /** Comes up above the button and not below it. */
  isAbove?: boolean;
  /** In pixels; by default as wide as what is in it. */
  width?: number;
  onToggle?: (isOpen: boolean) => void;
}

/**
 * A button and a small panel below it. It takes the focus when it comes up, and goes at Escape, at a press outside, or when
 * the focus leaves it.
 */
export function Flyout({ label, button, children, side = "start", isAbove, width, onToggle }: FlyoutProps) {
  const [isOpen, setIsOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const change = (next: boolean) => {
    setIsOpen(next);
    onToggle?.(next);
  };
  const latestChange = useRef(change);
  latestChange.current = change;

  useEffect(() => {
    if (!isOpen) return;
    (panel.current?.querySelector<HTMLElement>("a, button, input") ?? panel.current)?.focus();
    const onPointerDown = ({ target }: PointerEvent) => {
      if (!root.current?.contains(target as Node)) latestChange.current(false);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      latestChange.current(false);
      trigger.current?.focus();
    };
    document.addEventListener("pointerdown", onPointerDown);
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("pointerdown", onPointerDown);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, [isOpen]);

  const close = () => change(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices where the focus goes.
    <div
      ref={root}
      className={classes.flyout}
      onBlur={({ relatedTarget }) => {
        // Without a target the focus went to no element: a press on plain text of the panel, or another window.
        if (isOpen && relatedTarget && !root.current?.contains(relatedTarget)) close();
      }}
    >
      {button(
        { ref: trigger, onClick: () => change(!isOpen), "aria-expanded": isOpen, "aria-haspopup": "dialog" },
        isOpen,
      )}
      {isOpen && (
        <Paper
          ref={panel}
          role="dialog"
          aria-label={label}
          tabIndex={-1}
          withBorder
          shadow="md"
          p="sm"
          className={classes.panel}
          data-side={side}
          data-above={isAbove || undefined}
          __vars={{ "--flyout-width": width === undefined ? "max-content" : `${width}px` }}
        >
          {children(close)}
        </Paper>
      )}
    </div>
  );
}
