"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { counted } from "@/app/_components/figures";
import { say } from "@/app/_components/shell/messages";
import { submissionTitle } from "@/app/submissions/_components/lead-states";
import { isMoving, submissionListQuery } from "@/app/submissions/queries";
import { submissionHref } from "@/app/submissions/submission-href";
import { taskCountsQuery } from "@/app/tasks/queries";
import { tasksHref } from "@/app/tasks/task-href";
import type { SubmissionSummary } from "@/lib/submissions/submission-view";
import { OPEN_STATUSES } from "@/lib/tasks/task-status";

/** Also while the tab is hidden, where nothing else asks; each of the two this often. */
const LOOK_EVERY_MS = 30_000;
const inBackground = { refetchInterval: LOOK_EVERY_MS, refetchIntervalInBackground: true } as const;

/** Tells of lists that have ended, and of the last open task: by a notification of the browser where the tab is hidden. */
export default function EndWatch() {
  const router = useRouter();
  const { data: lists } = useInfiniteQuery({ ...submissionListQuery, ...inBackground });
  const { data: counts } = useQuery({ ...taskCountsQuery({}), ...inBackground });
  const movingBefore = useRef<ReadonlySet<string>>(new Set());
  const openBefore = useRef(0);

  useEffect(() => {
    const submissions = lists?.pages.flatMap((page) => page.submissions) ?? [];
    const ended = submissions.filter(({ id, state }) => movingBefore.current.has(id) && !isMoving(state));
    movingBefore.current = new Set(submissions.filter(({ state }) => isMoving(state)).map(({ id }) => id));
    for (const submission of ended) {
      tell({
        tag: submission.id,
        title: submissionTitle(submission),
        text: endWords(submission),
        onClick: () => router.push(submissionHref(submission.id)),
      });
    }
  }, [lists, router]);

  useEffect(() => {
    if (!counts) return;
    const open = OPEN_STATUSES.reduce((total, status) => total + counts.byStatus[status], 0);
    if (open === 0 && openBefore.current > 0) {
      tell({
        tag: "all-ended",
        title: "All tasks have ended",
        text: `The last ${counted(openBefore.current, "open task")} ended just now.`,
        onClick: () => router.push(tasksHref({})),
      });
    }
    openBefore.current = open;
  }, [counts, router]);

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
