"use client";

import { type RefObject, startTransition, useEffect, useState, useSyncExternalStore } from "react";

/** Far enough that a quick scroll seldom gets there before it is drawn. */
const NEAR_WITHIN_PX = 1_000;

type Look = (isNear: boolean, heightPx: number) => void;

const looks = new WeakMap<Element, Look>();
let observer: IntersectionObserver | undefined;

/**
 * Whether an element is on the screen or soon will be, and how high it was when it last went far from it; null until it
 * has. What has the focus counts as near, and while a page is printed everything does.
 *
 * @param isAsked where false, the element is taken to be near, and nothing is watched
 */
export function useNearScreen(
  element: RefObject<HTMLElement | null>,
  { isAsked, startsNear }: { isAsked: boolean; startsNear: boolean },
): { isNear: boolean; heightPx: number | null } {
  const [seen, setSeen] = useState<{ isNear: boolean; heightPx: number | null }>({
    isNear: startsNear,
    heightPx: null,
  });
  const isPrinting = useIsPrinting();

  useEffect(() => {
    const watched = element.current;
    if (!isAsked || !watched) return;
    return watch(watched, (isNear, heightPx) => {
      if (!isNear && watched.contains(document.activeElement)) return;
      // Drawn in pieces: a key that is pressed meanwhile does not wait for it.
      startTransition(() => setSeen((before) => (before.isNear === isNear ? before : { isNear, heightPx })));
    });
  }, [element, isAsked]);

  return { isNear: !isAsked || seen.isNear || isPrinting, heightPx: seen.heightPx };
}

/** One observer for all: there may be hundreds of elements. */
function watch(element: Element, look: Look): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, boundingClientRect } of entries) {
        looks.get(target)?.(isIntersecting, boundingClientRect.height);
      }
    },
    { rootMargin: `${NEAR_WITHIN_PX}px 0px` },
  );
  looks.set(element, look);
  observer.observe(element);
  return () => {
    observer?.unobserve(element);
    looks.delete(element);
  };
}

let isPrintingNow = false;

function useIsPrinting(): boolean {
  return useSyncExternalStore(
    onPrinting,
    () => isPrintingNow,
    () => false,
  );
}

function onPrinting(onChange: () => void): () => void {
  const begin = () => {
    isPrintingNow = true;
    onChange();
  };
  const end = () => {
    isPrintingNow = false;
    onChange();
  };
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  return () => {
    window.removeEventListener("beforeprint", begin);
    window.removeEventListener("afterprint", end);
  };
}
