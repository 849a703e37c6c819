/** Figures in words: grouped thousands, money in dollars, spans of time. Safe for the browser. */

const numbers = new Intl.NumberFormat("en-GB");
const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

/** `12,345` */
export function figure(count: number): string {
  return numbers.format(count);
}

/** `1 lead`, `12,345 leads` */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${figure(count)} ${count === 1 ? noun : plural}`;
}

/** US cents as `$12.30`. */
export function money(cents: number): string {
  return dollars.format(cents / 100);
}

/** A span that is told about: `less than a minute`, `4 min`, `1 h 20 min`. */
export function span(seconds: number): string {
  if (seconds < 60) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${minutes} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
