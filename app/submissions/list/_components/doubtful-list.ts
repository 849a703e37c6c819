/**
 * The list whose confirmation has not been answered: it may have been submitted. It is remembered in this tab, also when the
 * page is loaded again, so that the same leads are not submitted twice.
 */
export interface DoubtfulList {
  submissionId: string;
  /** The name of its file. */
  name: string;
}

const KEY = "doubtful list";

/** For where the browser allows no storage. */
let current: DoubtfulList | null = null;

export function getDoubtfulList(): DoubtfulList | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as DoubtfulList | null;
  } catch {
    return current;
  }
}

export function setDoubtfulList(list: DoubtfulList | null): void {
  current = list;
  try {
    if (list) sessionStorage.setItem(KEY, JSON.stringify(list));
    else sessionStorage.removeItem(KEY);
  } catch {
    // The variable has it.
  }
}
