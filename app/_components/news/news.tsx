"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useContext, useEffect, useRef } from "react";
import { setHearingNews } from "@/app/_components/news/pace";
import { RenderedAt } from "@/app/_components/use-now";

/** Has what is on the screen come up to date by itself. Loaded once the page is there: nothing of it shows. */
export function News({ hasStream }: { hasStream: boolean }) {
  const queryClient = useQueryClient();
  const renderedAt = useRef(useContext(RenderedAt));

  useEffect(() => {
    let isOver = false;
    let stop = () => {};
    import("@/app/_components/news/hear-news").then(
      ({ hearNews }) => {
        if (!isOver) stop = hearNews(queryClient, { hasStream, renderedAt: renderedAt.current });
      },
      () => {
        setHearingNews(false);
        void queryClient.invalidateQueries();
      },
    );
    return () => {
      isOver = true;
      stop();
    };
  }, [queryClient, hasStream]);

  return null;
}
