/** What people do at the dashboard, without JavaScript: they submit leads, and press again where something went wrong. */
import { setTimeout as sleep } from "node:timers/promises";
import type { SoakLead } from "@/scripts/soak/leads";
import { findForm, type PageForm, readForms, toFormData } from "@/scripts/soak/page-form";

const ANSWER_WITHIN_MS = 60_000;
const PAUSE_MS = 500;

/** How one lead got in. */
export interface Submission {
  /** Our id of its task, from where the form led. */
  taskId: string;
  /** How often the form was sent. */
  tries: number;
}

/**
 * Submits one lead. Where the browser shows an error or the form comes back, the person sends the same form again; that
 * is what the app promises to take for the same press.
 *
 * @returns null where the deadline came first
 */
export async function submitLead(appUrl: string, lead: SoakLead, isOver: () => boolean): Promise<Submission | null> {
  const url = `${appUrl}/submissions/new?kind=${lead.kind}`;
  let form: PageForm | undefined;
  let tries = 0;
  while (!isOver()) {
    form ??= await readForm(url);
    if (form) {
      tries += 1;
      const taskId = await send(appUrl, url, form, lead);
      if (taskId) return { taskId, tries };
    }
    await sleep(PAUSE_MS);
  }
  return null;
}

async function readForm(url: string): Promise<PageForm | undefined> {
  const page = await request(url);
  return page?.status === 200 ? findForm(page.text, "formKey") : undefined;
}

/** @returns our id of the task, or null where the person has to send it again */
async function send(appUrl: string, url: string, form: PageForm, lead: SoakLead): Promise<string | null> {
  const typed = Object.fromEntries(Object.entries(lead.fields).map(([name, value]) => [`lead.${name}`, value]));
  const options: Record<string, string> = lead.kind === "find_email" ? { mode: "PROFESSIONAL" } : {};
  const answer = await request(url, toFormData(form, { ...typed, ...options }));
  const target = answer?.location && new URL(answer.location, appUrl);
  if (!target) return null;
  const taskId = target.searchParams.get("submitted") ?? /^\/tasks\/([0-9a-f-]{36})$/.exec(target.pathname)?.[1];
  if (!taskId) return null;
  // A browser goes where it is sent. The lead is in by then, so an error there is no reason to send it again.
  await request(target.href);
  return taskId;
}

/**
 * Presses a button on a task's page, and ticks what it wants ticked.
 *
 * @returns whether the press went out; false where the page did not come, or has no such button (any more)
 */
export async function pressOnTask(
  appUrl: string,
  taskId: string,
  button: "Send now" | "Submit again",
): Promise<boolean> {
  const url = `${appUrl}/tasks/${taskId}`;
  const page = await request(url);
  if (page?.status !== 200) return false;
  const form = readForms(page.text).find(({ html }) => html.includes(`>${button}<`));
  if (!form) return false;
  const ticked: Record<string, string> = button === "Submit again" ? { acceptDoubleCharge: "on" } : {};
  await request(url, toFormData(form, ticked));
  return true;
}

/** @returns null where the connection failed, as it does when the app is killed */
async function request(
  url: string,
  form?: FormData,
): Promise<{ status: number; location: string | null; text: string } | null> {
  try {
    const response = await fetch(url, {
      // A browser names its origin; Next refuses a form that comes from elsewhere.
      ...(form ? { method: "POST", body: form, headers: { origin: new URL(url).origin } } : {}),
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return { status: response.status, location: response.headers.get("location"), text: await response.text() };
  } catch {
    return null; // A person sees an error page, and learns no more from it.
  }
}
