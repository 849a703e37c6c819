/** What is selected of a list; each part of the page listens to what it shows of it, so that one tick draws one row. */
export interface Selection {
  /** Those that were chosen one by one, or all that are shown. */
  ids: ReadonlySet<string>;
  /** The newest task of when all that the filter leaves were selected, also those not shown; null unless they are. */
  allUpTo: string | null;
}

const NOTHING: Selection = { ids: new Set(), allUpTo: null };

export class SelectionStore {
  #selection = NOTHING;
  #shownIds: readonly string[] = [];
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  };

  readonly get = (): Selection => this.#selection;

  has(id: string): boolean {
    return this.#selection.allUpTo !== null || this.#selection.ids.has(id);
  }

  /** Of those that are shown: whether all, some or none are selected. */
  readonly shown = (): "all" | "some" | "none" => {
    const { ids, allUpTo } = this.#selection;
    if (allUpTo !== null) return "all";
    if (ids.size === 0) return "none";
    const count = this.#shownIds.filter((id) => ids.has(id)).length;
    return count === 0 ? "none" : count === this.#shownIds.length ? "all" : "some";
  };

  setShown(ids: readonly string[]): void {
    this.#shownIds = ids;
    this.#tell();
  }

  toggle(id: string): void {
    // Of all of them one is taken out: what is left is what is shown.
    const ids = new Set(this.#selection.allUpTo === null ? this.#selection.ids : this.#shownIds);
    if (!ids.delete(id)) ids.add(id);
    this.#set({ ids, allUpTo: null });
  }

  toggleShown(): void {
    const isAllShown = this.shown() === "all";
    this.#set(isAllShown ? NOTHING : { ids: new Set(this.#shownIds), allUpTo: null });
  }

  /** All that the filter leaves, up to the newest task of now: what comes later is not meant. */
  selectAll(newestId: string | null): void {
    this.#set({ ids: this.#selection.ids, allUpTo: newestId });
  }

  clear(): void {
    this.#set(NOTHING);
  }

  #set(selection: Selection): void {
    this.#selection = selection;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
