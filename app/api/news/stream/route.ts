import type { NextRequest } from "next/server";
import { isStillSignedIn } from "@/app/access";
import { answer } from "@/app/api/authorise";
import { eventStream } from "@/app/api/event-stream";
import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { News } from "@/lib/news/news";
import { readNews } from "@/lib/news/read-news";
import { createNewsWatch, type NewsWatch } from "@/lib/news/watch-news";

const LOOK_UP_SESSION_AT_MOST_EVERY_MS = 1_000;

let watch: NewsWatch | undefined;

/**
 * News as they happen, after the last that this browser has heard (`?after=`, or its own header on a reconnect). It ends
 * soon after the session does, and is not to be had where a request may not last.
 */
export async function GET(request: NextRequest): Promise<Response> {
  return answer("people", async ({ context }) => {
    if (env().isServerless) throw new AppError("unavailable", "There is no stream on this host.");
    const after = request.headers.get("last-event-id") ?? request.nextUrl.searchParams.get("after");
    watch ??= createNewsWatch(appContext());
    const { listen } = watch;
    return eventStream(request.signal, async (send, end) => {
      const tell = (news: News) => send(JSON.stringify(news), news.cursor);
      let lookedUpAt = Date.now();
      const stop = await listen((news) => {
        tell(news);
        if (Date.now() - lookedUpAt < LOOK_UP_SESSION_AT_MOST_EVERY_MS) return;
        lookedUpAt = Date.now();
        isStillSignedIn(request.headers).then(
          (isIn) => isIn || end(),
          () => {}, // The database is away: next time.
        );
      });
      // Only now, so that nothing happens between what is read and what is listened to.
      try {
        tell(await readNews(context, after));
      } catch (error) {
        stop();
        throw error;
      }
      return stop;
    });
  });
}
