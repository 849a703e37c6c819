/** Keeps what was typed while the page loads again, in this tab alone. Passwords and files are not kept. */

const PREFIX = "entries ";

/** Keeps the entries of each form on the page. */
export function keepEntries(): void {
  for (const form of document.forms) {
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

/** Fills a form with what was kept for it. For inputs that React does not control. */
export function restoreEntries(form: HTMLFormElement): void {
  const kept = takeEntries(form);
  if (!kept) return;
  const entries = new Map(kept);
  for (const field of fieldsOf(form)) {
    const value = entries.get(field.name);
    if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio"))
      field.checked = field.value === value;
    else if (value !== undefined) field.value = value;
  }
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** What a person can change, without what must not be kept. */
function fieldsOf(form: HTMLFormElement): Field[] {
  const all = [...form.querySelectorAll<Field>("input[name], select[name], textarea[name]")];
  return all.filter(({ type }) => !["hidden", "password", "file", "submit"].includes(type));
}

function entriesOf(form: HTMLFormElement): [string, string][] {
  const secret = new Set([...form.querySelectorAll<HTMLInputElement>("input[type=password]")].map(({ name }) => name));
  return [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === "string" && !secret.has(name) && !name.startsWith("$ACTION") ? [[name, value]] : [],
  );
}

/** A form is known again by its page and its name, or by the names of its fields. */
function keyOf(form: HTMLFormElement): string {
  const name = form.getAttribute("aria-label") ?? fieldsOf(form).map((field) => field.name);
  return `${PREFIX}${window.location.pathname} ${name}`;
}
