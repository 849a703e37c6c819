/** A form as a browser without JavaScript sees it: what is in the page's HTML, and nothing else. */
export interface PageForm {
  /** Hidden inputs, as they would be sent; React's own are among them. */
  hidden: [name: string, value: string][];
  /** All text between its tags. */
  html: string;
}

/** The forms of a page that React has rendered; its HTML is regular enough to be read by pattern. */
export function readForms(html: string): PageForm[] {
  return [...html.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/g)].map(([, inner = ""]) => ({
    html: inner,
    hidden: [...inner.matchAll(/<input\b[^>]*>/g)].flatMap(([tag]): [string, string][] => {
      const attributes = readAttributes(tag);
      const { name } = attributes;
      return attributes.type === "hidden" && name !== undefined ? [[name, attributes.value ?? ""]] : [];
    }),
  }));
}

/** The form that has an input of this name. */
export function findForm(html: string, inputName: string): PageForm | undefined {
  return readForms(html).find((form) => form.hidden.some(([name]) => name === inputName));
}

/** What goes out when the form is sent, with what was typed. */
export function toFormData(form: PageForm, typed: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of [...form.hidden, ...Object.entries(typed)]) data.append(name, value);
  return data;
}

function readAttributes(tag: string): Record<string, string> {
  return Object.fromEntries(
    [...tag.matchAll(/([\w$:.-]+)(?:="([^"]*)")?/g)].slice(1).map(([, name = "", value = ""]) => [name, decode(value)]),
  );
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name] ?? whole;
  });
}
