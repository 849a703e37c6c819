/** What the app has said in passing, kept so that it can be read again: in this tab, until it is closed. */
import type { NotificationData } from "@mantine/notifications";
import { useSyncExternalStore } from "react";
import { serverNow } from "@/app/_components/use-now";

export type Tone = "good" | "neutral" | "bad";

export interface Message {
  id: string;
  /** ISO 8601. */
  at: string;
  title: string | null;
  text: string;
  tone: Tone;
  isRead: boolean;
}

const STORAGE_KEY = "messages";
const MAX_KEPT = 50;
const COLORS = { good: "green", neutral: "blue", bad: "red" } as const;
const NONE: Message[] = [];

let messages: Message[] | undefined;
const listeners = new Set<() => void>();

/** Says something in a corner of the page, and keeps it. What is bad interrupts a screen reader, the rest waits. */
export function say({ title, text, tone = "neutral" }: { title?: string; text: string; tone?: Tone }): void {
  const role = tone === "bad" ? "alert" : "status";
  // Without the library it can still be read under "Messages".
  show({ title, message: text, color: COLORS[tone], role }).catch(() => {});
  const said = {
    // Not crypto.randomUUID(): over plain http, as in an intranet, there is none.
    id: `${Date.now()}-${Math.random()}`,
    at: new Date(serverNow()).toISOString(),
    title: title ?? null,
    text,
    tone,
    isRead: false,
  };
  keep([said, ...read()].slice(0, MAX_KEPT));
}

/** Few visits say anything, so the library is loaded when one does. */
async function show(data: NotificationData): Promise<void> {
  const { notifications } = await import("@mantine/notifications");
  notifications.show(data);
}

/** The latest first. */
export function useMessages(): Message[] {
  return useSyncExternalStore(subscribe, read, () => NONE);
}

export function markMessagesRead(): void {
  if (read().some(({ isRead }) => !isRead)) keep(read().map((message) => ({ ...message, isRead: true })));
}

export function forgetMessages(): void {
  keep([]);
}

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  return () => listeners.delete(onChange);
}

function read(): Message[] {
  if (messages) return messages;
  try {
    messages = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "[]") as Message[];
  } catch {
    // No storage, or something else is in it: then there is nothing to be read again.
    messages = [];
  }
  return messages;
}

function keep(next: Message[]): void {
  messages = next;
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(next));
  } catch {
    // Without storage they last as long as the page.
  }
  for (const listener of listeners) listener();
}
