/** Figures in words: grouped thousands, money in dollars, spans of time. Safe for the browser. */

/** `12,345`. By hand, since a formatter of `Intl` takes a browser as long to make as all else at a page's start. */
export function figure(count: number): string {
  return grouped(String(count));
}

/** `1 lead`, `12,345 leads` */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${figure(count)} ${count === 1 ? noun : plural}`;
}

/** US cents as `$12.30`. */
export function money(cents: number): string {
  return `${cents < 0 ? "-" : ""}$${grouped(Math.abs(cents / 100).toFixed(2))}`;
}

/** Commas between thousands, of the digits before the point. */
function grouped(digits: string): string {
  const [whole = "", ...rest] = digits.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}

/** A span that is told about: `less than a minute`, `4 min`, `1 h 20 min`. */
export function span(seconds: number): string {
  if (seconds < 60) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${minutes} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** How long something took: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds >= 3_600) return span(seconds);
  const [minutes, rest] = [Math.floor(Math.round(seconds) / 60), Math.round(seconds) % 60];
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** `98 %`, and `99.8 %` where rounding would hide what is missing; a dash where there is nothing to have a share in. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "–";
  const share = (part / whole) * 100;
  const isNearAnEnd = (share > 99 && share < 100) || (share > 0 && share < 1);
  const rounded = isNearAnEnd ? Math.min(99.9, Math.max(0.1, Math.round(share * 10) / 10)) : Math.round(share);
  return `${rounded} %`;
}
