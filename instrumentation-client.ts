import { listenForTrouble } from "@/app/_components/connection/connection";
import { startProgress } from "@/app/_components/connection/progress";
import { followTranslators } from "@/app/_components/connection/translated-text";
import { watchFetch } from "@/app/_components/connection/watch-fetch";

// Next runs this in the browser before React starts, so nothing of React's or of the router's is missed.
followTranslators(window);
watchFetch();
listenForTrouble();

/** Next calls this when a person goes to another page, or to another search on this one. */
export function onRouterTransitionStart(url: string): void {
  startProgress(url);
}
