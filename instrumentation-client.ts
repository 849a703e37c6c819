import { listenForTrouble } from "@/app/_components/connection/connection";
import { startProgress } from "@/app/_components/connection/progress";
import { watchFetch } from "@/app/_components/connection/watch-fetch";

// Next runs this in the browser before React starts, so nothing of the router's is missed.
watchFetch();
listenForTrouble();
// Translators begin once a page has loaded, so what follows them may come a moment later. Without it the page works as well.
import("@/app/_components/connection/translated-text").then(
  ({ followTranslators }) => followTranslators(window),
  () => {},
);

/** Next calls this when a person goes to another page, or to another search on this one. */
export function onRouterTransitionStart(url: string): void {
  startProgress(url);
}
