import { expect, test } from "vitest";
import { SelectionStore } from "@/app/tasks/_components/selection-store";

function storeOf(...shown: string[]): SelectionStore {
  const store = new SelectionStore();
  store.setShown(shown);
  return store;
}

test("tasks are selected one by one, and all that are shown at once", () => {
  const store = storeOf("a", "b", "c");
  expect(store.shown()).toBe("none");
  store.toggle("b");
  expect([store.has("a"), store.has("b"), store.shown()]).toEqual([false, true, "some"]);
  store.toggleShown();
  expect([[...store.get().ids], store.shown()]).toEqual([["a", "b", "c"], "all"]);
  store.setShown(["a", "b", "c", "d"]);
  expect(store.shown()).toBe("some");
  store.toggleShown();
  store.toggleShown();
  expect([store.get().ids.size, store.shown()]).toEqual([0, "none"]);
});

test("of all that match, one that is taken out leaves those that are shown", () => {
  const store = storeOf("a", "b");
  store.toggle("a");
  store.selectAll("newest");
  expect([store.has("not shown"), store.shown(), store.get().allUpTo]).toEqual([true, "all", "newest"]);
  store.toggle("a");
  expect(store.get()).toEqual({ ids: new Set(["b"]), allUpTo: null });
  store.selectAll("newest");
  store.toggleShown();
  expect(store.get()).toEqual({ ids: new Set(), allUpTo: null });
});

test("who listens is told of each change, until they have gone", () => {
  const store = storeOf("a");
  let told = 0;
  const leave = store.subscribe(() => {
    told += 1;
  });
  store.toggle("a");
  store.clear();
  expect(told).toBe(2);
  leave();
  store.toggle("a");
  expect(told).toBe(2);
});
