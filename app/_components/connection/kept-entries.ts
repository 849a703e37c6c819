/** Keeps what was typed while the page loads again, in this tab alone. Passwords and files are not kept. */

const PREFIX = "entries ";

/** Marks a form that restores its entries. */
export const KEPT = { "data-kept": "" };

/** Keeps the entries of the marked forms on the page. */
export function keepEntries(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-kept]")) {
    if (!typedFieldsOf(form).some(({ value }) => value !== "")) continue;
    try {
      sessionStorage.setItem(keyOf(form), JSON.stringify(entriesOf(form)));
    } catch {
      // Without storage nothing can be kept.
    }
  }
}

/** Returns what was kept for a form, once; null where nothing was. */
export function takeEntries(form: HTMLFormElement): [string, string][] | null {
  try {
    const kept = sessionStorage.getItem(keyOf(form));
    sessionStorage.removeItem(keyOf(form));
    return kept === null ? null : (JSON.parse(kept) as [string, string][]);
  } catch {
    return null;
  }
}

export function toFormData(entries: [string, string][]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

/**
 * Fills a form with what was kept for it. For inputs that React does not control. Boxes stay as they are: most of them
 * confirm something, and forms that look alike confirm different things.
 */
export function restoreEntries(form: HTMLFormElement): void {
  const kept = takeEntries(form);
  if (!kept) return;
  const entries = new Map(kept);
  for (const field of typedFieldsOf(form)) field.value = entries.get(field.name) ?? field.value;
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Returns the fields that hold text or a choice, without those that must not be kept. */
function typedFieldsOf(form: HTMLFormElement): Field[] {
  const all = [...form.querySelectorAll<Field>("input[name], select[name], textarea[name]")];
  return all.filter(({ type }) => !["hidden", "password", "file", "submit", "checkbox", "radio"].includes(type));
}

function entriesOf(form: HTMLFormElement): [string, string][] {
  const secret = new Set([...form.querySelectorAll<HTMLInputElement>("input[type=password]")].map(({ name }) => name));
  return [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === "string" && !secret.has(name) && !name.startsWith("$ACTION") ? [[name, value]] : [],
  );
}

/** A form is known again by its page and its name, or by the names of its fields. */
function keyOf(form: HTMLFormElement): string {
  const name = form.getAttribute("aria-label") ?? typedFieldsOf(form).map((field) => field.name);
  return `${PREFIX}${window.location.pathname} ${name}`;
}
