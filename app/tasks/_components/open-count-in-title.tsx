"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { taskCountsQuery } from "@/app/tasks/queries";
import { OPEN_STATUSES } from "@/lib/tasks/task-status";

/** Puts how many tasks are open before the tab's title, for who works in another one meanwhile. */
export function OpenCountInTitle() {
  const { data: counts } = useQuery(taskCountsQuery({}));
  const open = OPEN_STATUSES.reduce((total, status) => total + (counts?.byStatus[status] ?? 0), 0);

  useEffect(() => {
    const show = () => {
      const plain = document.title.replace(/^\(\d+\) /, "");
      const wanted = open > 0 ? `(${open}) ${plain}` : plain;
      if (document.title !== wanted) document.title = wanted;
    };
    show();
    // The page's own title may come after this one, and take its place.
    const observer = new MutationObserver(show);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => {
      observer.disconnect();
      document.title = document.title.replace(/^\(\d+\) /, "");
    };
  }, [open]);

  return null;
}
