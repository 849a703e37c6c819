import type { Context } from "@/lib/context";
import { log } from "@/lib/log";
import { isNews, type News } from "@/lib/news/news";
import { onNudge } from "@/lib/news/nudge";
import { readNews } from "@/lib/news/read-news";

/** How often it looks for what other processes have stored; of what this one has, it is told. */
const LOOK_EVERY_MS = 250;
/** While much is stored, it is told in parts and not one by one. */
const LOOK_AGAIN_AFTER_MS = 100;
const LOOK_AFTER_FAILURE_MS = 2_000;
/** So often everybody hears at least that there is no news. */
const BEAT_EVERY_MS = 10_000;

export interface NewsWatch {
  /**
   * Calls `tell` with all news from now on, and every ten seconds with none as long as the database answers.
   *
   * @returns once nothing that happens from then on can be missed: how to stop
   */
  listen(tell: (news: News) => void): Promise<() => void>;
}

/**
 * Looks for news on behalf of all who listen in this process: one query each quarter of a second, whatever their number,
 * and none while nobody listens.
 */
export function createNewsWatch(context: Pick<Context, "db">, read: typeof readNews = readNews): NewsWatch {
  const listeners = new Set<(news: News) => void>();
  let cursor: Promise<string> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let isNudged = false;
  let lastLookAt = 0;
  let lastToldAt = 0;
  let hasFailed = false;

  const lookIn = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(look, ms).unref();
  };

  const look = async (): Promise<void> => {
    const from = cursor;
    if (isLooking || !from) return;
    isLooking = true;
    isNudged = false;
    lastLookAt = Date.now();
    try {
      const news = await read(context, await from);
      if (cursor !== from) return;
      cursor = Promise.resolve(news.cursor);
      hasFailed = false;
      if (isNews(news) || Date.now() - lastToldAt >= BEAT_EVERY_MS) {
        lastToldAt = Date.now();
        for (const tell of listeners) tell(news);
      }
    } catch (error) {
      // Once, and not four times a second for as long as the database is away.
      if (!hasFailed) log.error("news_failed", error);
      hasFailed = true;
    } finally {
      isLooking = false;
      if (listeners.size > 0)
        lookIn(hasFailed ? LOOK_AFTER_FAILURE_MS : isNudged ? LOOK_AGAIN_AFTER_MS : LOOK_EVERY_MS);
    }
  };

  const begin = async (): Promise<string> => {
    const { cursor: first } = await read(context, null);
    onNudge(() => {
      isNudged = true;
      if (!isLooking) lookIn(Math.max(lastLookAt + LOOK_AGAIN_AFTER_MS - Date.now(), 0));
    });
    lookIn(LOOK_EVERY_MS);
    return first;
  };

  const end = () => {
    clearTimeout(timer);
    onNudge(undefined);
    cursor = null;
  };

  return {
    async listen(tell) {
      listeners.add(tell);
      const stop = () => {
        if (listeners.delete(tell) && listeners.size === 0) end();
      };
      cursor ??= begin();
      try {
        await cursor;
      } catch (error) {
        stop();
        throw error;
      }
      return stop;
    },
  };
}
