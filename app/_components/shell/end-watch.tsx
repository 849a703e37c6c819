"use client";

import { useInfiniteQuery, useQueries } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { counted } from "@/app/_components/figures";
import { say } from "@/app/_components/shell/messages";
import { useWatchedTasks } from "@/app/_components/shell/use-tells-ends";
import { RefusedError } from "@/app/fetch-json";
import { submissionTitle } from "@/app/submissions/_components/lead-states";
import { isMoving, submissionListQuery } from "@/app/submissions/queries";
import { submissionHref } from "@/app/submissions/submission-href";
import { kindLabel, leadTitle } from "@/app/tasks/_components/lead-title";
import { STATUS_LOOKS } from "@/app/tasks/_components/status-badge";
import { taskQuery } from "@/app/tasks/queries";
import { taskHref } from "@/app/tasks/task-href";
import type { SubmissionSummary } from "@/lib/submissions/submission-view";
import { isOpen } from "@/lib/tasks/task-status";

/** Also while the tab is hidden, where nothing else asks. A retry would wait there until the tab is shown again. */
const LOOK_EVERY_MS = 30_000;
const inBackground = { refetchInterval: LOOK_EVERY_MS, refetchIntervalInBackground: true, retry: false } as const;

/** Tells of lists and single leads that have ended: by a notification of the browser where the tab is hidden. */
export default function EndWatch() {
  const router = useRouter();
  const [watched, setWatched] = useWatchedTasks();
  const { data: lists } = useInfiniteQuery({ ...submissionListQuery, ...inBackground });
  const { ended, gone } = useQueries({
    queries: watched.map((id) => ({ ...taskQuery(id), ...inBackground })),
    combine: (results) => ({
      ended: results.flatMap(({ data }) => (data && !isOpen(data.status) ? [data] : [])),
      // A server that can't be reached for a while says nothing of the task.
      gone: watched.filter((_, index) => {
        const error = results[index]?.error;
        return error instanceof RefusedError && error.status === 404;
      }),
    }),
  });
  const movingBefore = useRef<ReadonlySet<string>>(new Set());

  useEffect(() => {
    const submissions = lists?.pages.flatMap((page) => page.submissions) ?? [];
    const endedLists = submissions.filter(({ id, state }) => movingBefore.current.has(id) && !isMoving(state));
    movingBefore.current = new Set(submissions.filter(({ state }) => isMoving(state)).map(({ id }) => id));
    for (const submission of endedLists) {
      tell({
        tag: submission.id,
        title: submissionTitle(submission),
        text: endWords(submission),
        onClick: () => router.push(submissionHref(submission.id)),
      });
    }
  }, [lists, router]);

  useEffect(() => {
    if (ended.length + gone.length === 0) return;
    const done = new Set([...ended.map(({ id }) => id), ...gone]);
    setWatched((ids) => ids.filter((id) => !done.has(id)));
    for (const task of ended) {
      tell({
        tag: task.id,
        title: leadTitle(task).title,
        text: `${kindLabel(task.kind)}: ${STATUS_LOOKS[task.status].label.toLowerCase()}.`,
        onClick: () => router.push(taskHref(task.id)),
      });
    }
  }, [ended, gone, setWatched, router]);

  return null;
}

function endWords({ state, leads }: SubmissionSummary): string {
  if (state === "paused") return "It was paused, and needs you.";
  if (state === "cancelled") return "It was cancelled.";
  const done = `${counted(leads.completed + leads.reused, "result")}`;
  return leads.failed > 0 ? `Done: ${done}, ${leads.failed} failed.` : `Done: ${done}.`;
}

/** Several tabs tell the same: the browser shows one of those with the same tag. */
function tell({ tag, title, text, onClick }: { tag: string; title: string; text: string; onClick: () => void }): void {
  if (!document.hidden) {
    say({ title, text, tone: "good" });
    return;
  }
  try {
    const notification = new Notification(title, { body: text, tag });
    notification.onclick = () => {
      window.focus();
      onClick();
    };
  } catch {
    // Phones take notifications from service workers only: then it is said when the person is back.
    say({ title, text, tone: "good" });
  }
}
