import type { Query, QueryClient } from "@tanstack/react-query";
import { isDueEvenSo, pageCountOf } from "@/app/_components/news/pace";
import { type PatchPlan, patchTaskList, planPatch, type TaskListData } from "@/app/_components/news/patch-task-list";
import { fetchJson } from "@/app/fetch-json";
import { isNews, type News } from "@/lib/news/news";
import type { TaskPage } from "@/lib/tasks/task-view";

/** While lists of thousands end, what is told is taken together. */
const AT_MOST_EVERY_MS = 500;
const IDS_A_REQUEST = 100;
/** For more, the list is asked for as a whole. */
const MAX_PATCHED = 300;
/** A tab may be hidden for days. */
const MAX_KEPT = 1_000;
/** A page may be drawn from what was read just before news came that it was not there to hear. */
const REMEMBERED_FOR_MS = 15_000;

/** What has changed, of any number of news. */
type Changes = Pick<News, "all" | "deliveries" | "deeds"> & { taskIds: Set<string>; submissionIds: Set<string> };

const nothing = (): Changes => ({
  all: false,
  deliveries: false,
  deeds: false,
  taskIds: new Set(),
  submissionIds: new Set(),
});

function add(
  changes: Changes,
  news: Pick<News, "all" | "deliveries" | "deeds"> & {
    taskIds: Iterable<string>;
    submissionIds: Iterable<string>;
  },
): void {
  changes.all ||= news.all;
  changes.deliveries ||= news.deliveries;
  changes.deeds ||= news.deeds;
  for (const id of news.taskIds) changes.taskIds.add(id);
  for (const id of news.submissionIds) changes.submissionIds.add(id);
  if (changes.taskIds.size > MAX_KEPT)
    Object.assign(changes, { ...nothing(), all: true, deliveries: true, deeds: true });
}

/** What is shown of something that changes with `changes`, and how often it may be asked for again because of them. */
const ASKED_AGAIN: { key: string[]; atMostEveryMs: number; changes: (changes: Changes, id: string) => boolean }[] = [
  { key: ["tasks", "one"], atMostEveryMs: 500, changes: ({ taskIds, deeds }, id) => deeds || taskIds.has(id) },
  { key: ["tasks", "counts"], atMostEveryMs: 2_000, changes: ({ taskIds, deeds }) => deeds || taskIds.size > 0 },
  { key: ["tasks", "attention"], atMostEveryMs: 5_000, changes: () => true },
  { key: ["tasks", "overview"], atMostEveryMs: 20_000, changes: ({ taskIds, deeds }) => deeds || taskIds.size > 0 },
  {
    key: ["submissions", "list"],
    atMostEveryMs: 2_000,
    changes: ({ submissionIds, deeds }) => deeds || submissionIds.size > 0,
  },
  {
    key: ["submissions", "one"],
    atMostEveryMs: 2_000,
    changes: ({ submissionIds, deeds }, id) => deeds || submissionIds.has(id),
  },
  {
    key: ["submissions", "rows"],
    atMostEveryMs: 2_000,
    changes: ({ submissionIds, deeds }, id) => deeds || submissionIds.has(id),
  },
  { key: ["deliveries", "list"], atMostEveryMs: 2_000, changes: ({ deliveries, deeds }) => deliveries || deeds },
  { key: ["deliveries", "one"], atMostEveryMs: 5_000, changes: ({ deliveries, deeds }) => deliveries || deeds },
];

/** Brings what this tab shows up to date with the news it hears. */
export interface NewsApplier {
  hear(news: News): void;
  /** The tab is looked at again. */
  show(): void;
  stop(): void;
}

export function createNewsApplier(queryClient: QueryClient): NewsApplier {
  const cache = queryClient.getQueryCache();
  /** When each was asked for because of news, and the timer that will do so again. */
  const asked = new WeakMap<Query, { at: number; timer?: ReturnType<typeof setTimeout> | undefined }>();
  /** Lists for which a patch is on its way: of two, the older answer might come last. */
  const patched = new WeakSet<Query>();
  let pending = nothing();
  let remembered: { at: number; news: News }[] = [];
  let lastAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  const isShown = (query: Query) => query.isActive() && (!document.hidden || isShownInBackground(query));

  /** Each query by itself, and not while it is on its way: that answer may be from before the change. */
  const askAgain = (query: Query, atMostEveryMs: number) => {
    const record = asked.get(query) ?? { at: 0 };
    asked.set(query, record);
    if (record.timer !== undefined) return;
    const waitMs = record.at + atMostEveryMs * pageCountOf(query.state.data) - Date.now();
    if (waitMs > 0 || isOnItsWay(query)) {
      record.timer = setTimeout(
        () => {
          record.timer = undefined;
          if (isStopped) return;
          if (isShown(query)) askAgain(query, atMostEveryMs);
          else query.invalidate();
        },
        Math.max(waitMs, 100),
      );
      return;
    }
    record.at = Date.now();
    void queryClient.refetchQueries(
      { queryKey: query.queryKey, exact: true, type: "active" },
      { cancelRefetch: false },
    );
  };

  const applyToList = async (query: Query, changes: Changes) => {
    const later = () => {
      add(pending, { ...changes, deliveries: false });
      flushIn(200);
    };
    const filter = String(query.queryKey[2] ?? "");
    const order = new URLSearchParams(filter).get("sort") ?? "newest";
    const data = query.state.data as TaskListData | undefined;
    if (changes.taskIds.size === 0 && !changes.deeds && !changes.all) return;
    const isPatchable = data && query.state.status !== "error" && !isDueEvenSo(query);
    if (changes.all || !isPatchable || (order !== "newest" && order !== "oldest")) return askAgain(query, 1_000);
    // What is on its way may be from before the change, and would take its place.
    if (isOnItsWay(query) || patched.has(query)) return later();
    const plan = planPatch(data, { order, taskIds: changes.taskIds, deeds: changes.deeds });
    if (plan.ids.length > MAX_PATCHED) return askAgain(query, 1_000);
    if (plan.ids.length === 0 && !plan.firstPage) return;
    patched.add(query);
    try {
      const answer = await fetchPatch(filter, plan);
      if (isStopped) return;
      if (isOnItsWay(query)) return later();
      const { data: now, dataUpdatedAt: updatedAt } = query.state;
      const next = patchTaskList(now as TaskListData, { order, ids: plan.ids, ...answer });
      // It keeps the time at which it was asked for as a whole.
      if (next) queryClient.setQueryData(query.queryKey, next, { updatedAt });
      else askAgain(query, 1_000);
    } catch {
      // Asked for as a whole it says what is wrong, or brings it.
      askAgain(query, 0);
    } finally {
      patched.delete(query);
    }
  };

  const applyTo = (query: Query, changes: Changes) => {
    const [group, what, id] = query.queryKey;
    const rule = ASKED_AGAIN.find(({ key }) => key[0] === group && key[1] === what);
    if (rule && (changes.all || rule.changes(changes, String(id)))) askAgain(query, rule.atMostEveryMs);
  };

  const flush = async () => {
    timer = undefined;
    lastAt = Date.now();
    const changes = pending;
    if (!isNews({ ...changes, taskIds: [...changes.taskIds], submissionIds: [...changes.submissionIds] })) return;
    // Where nobody looks, it is kept for when somebody does.
    if (!document.hidden) pending = nothing();
    const shown = cache.findAll({ type: "active" }).filter(isShown);
    // Rows first, which people wait for; the server, too, is asked for all else once it has answered for them.
    await Promise.all(shown.filter(isTaskList).map((query) => applyToList(query, changes)));
    if (isStopped) return;
    for (const query of shown) if (query.isActive() && !isTaskList(query)) applyTo(query, changes);
  };

  const flushIn = (ms: number) => {
    timer ??= setTimeout(flush, ms);
  };

  // What comes onto the screen later than the news that changed it.
  const unsubscribe = cache.subscribe((event) => {
    if (event.type !== "observerAdded") return;
    remembered = remembered.filter(({ at }) => Date.now() - at < REMEMBERED_FOR_MS);
    if (remembered.length === 0) return;
    for (const { news } of remembered) add(pending, news);
    flushIn(200);
  });

  return {
    hear(news) {
      if (!isNews(news)) return;
      remembered = [...remembered.filter(({ at }) => Date.now() - at < REMEMBERED_FOR_MS), { at: Date.now(), news }];
      add(pending, news);
      flushIn(Math.max(lastAt + AT_MOST_EVERY_MS - Date.now(), 0));
    },
    show() {
      flushIn(0);
      void queryClient.refetchQueries({ type: "active", predicate: ({ state }) => state.isInvalidated });
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

const isTaskList = ({ queryKey: [group, what] }: Query) => group === "tasks" && what === "list";

const isOnItsWay = ({ state }: Query) => state.fetchStatus === "fetching";

/** Some is looked after in a tab that nobody sees, such as ends of which the browser tells. */
function isShownInBackground(query: Query): boolean {
  return query.observers.some(({ options }) => options.refetchIntervalInBackground === true);
}

async function fetchPatch(filter: string, { ids, firstPage }: PatchPlan) {
  const ask = (more: Record<string, string>) => {
    const search = new URLSearchParams(filter);
    for (const [name, value] of Object.entries(more)) search.set(name, value);
    return fetchJson<TaskPage>(search.size > 0 ? `/api/tasks?${search}` : "/api/tasks");
  };
  const parts = Array.from({ length: Math.ceil(ids.length / IDS_A_REQUEST) }, (_, index) =>
    ask({ ids: ids.slice(index * IDS_A_REQUEST, (index + 1) * IDS_A_REQUEST).join(",") }),
  );
  const [first, ...answers] = await Promise.all([firstPage ? ask({}) : null, ...parts]);
  return { firstPage: first ?? null, tasks: answers.flatMap((answer) => answer?.tasks ?? []) };
}
