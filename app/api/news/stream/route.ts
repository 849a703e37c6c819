import type { NextRequest } from "next/server";
import { answer } from "@/app/api/authorise";
import { eventStream } from "@/app/api/event-stream";
import { createSessionWatch, type SessionWatch } from "@/lib/access/watch-sessions";
import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { News } from "@/lib/news/news";
import { readNews } from "@/lib/news/read-news";
import { createNewsWatch, type NewsWatch } from "@/lib/news/watch-news";

let watch: NewsWatch | undefined;
let sessionWatch: SessionWatch | undefined;

/**
 * News as they happen, after the last that this browser has heard (`?after=`, or its own header on a reconnect). It ends
 * with the session, such as when its user is removed, and is not to be had where a request may not last.
 */
export async function GET(request: NextRequest): Promise<Response> {
  return answer("people", async ({ context, actor }) => {
    if (env().isServerless) throw new AppError("unavailable", "There is no stream on this host.");
    const after = request.headers.get("last-event-id") ?? request.nextUrl.searchParams.get("after");
    watch ??= createNewsWatch(appContext());
    sessionWatch ??= createSessionWatch(appContext());
    const { listen } = watch;
    const { watch: watchSession } = sessionWatch;
    return eventStream(request.signal, async (send, end) => {
      const tell = (news: News) => send(JSON.stringify(news), news.cursor);
      const stopListening = await listen(tell);
      const stopWatching = actor.type === "user" ? watchSession(actor.sessionId, end) : () => {};
      const stop = () => {
        stopListening();
        stopWatching();
      };
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
