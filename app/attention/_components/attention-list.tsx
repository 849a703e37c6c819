"use client";

import { Alert, Button, Text } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { type ReactNode, useEffect } from "react";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { counted } from "@/app/_components/figures";
import { AnchorLink } from "@/app/_components/links";
import classes from "@/app/attention/_components/attention-list.module.css";
import { dismiss } from "@/app/attention/actions";
import { attentionQuery } from "@/app/attention/queries";
import { submissionTitle } from "@/app/submissions/_components/lead-states";
import { submissionHref } from "@/app/submissions/submission-href";
import { taskHref, tasksHref } from "@/app/tasks/task-href";
import type { Attention, UnseenDeliveries } from "@/lib/attention/attention-view";
import { describeProblem } from "@/lib/tasks/task-problems";

interface Item {
  key: string;
  text: string;
  href: Route;
  link: string;
  more?: ReactNode;
}

/** What waits for a person, in one place; nothing at all where nothing does. */
export function AttentionList() {
  const { data } = useQuery(attentionQuery);
  const items = data ? itemsOf(data) : [];
  if (items.length === 0) return null;
  return (
    <Alert
      color="orange"
      icon={<IconHandStop aria-hidden />}
      title={items.length === 1 ? "Something needs you" : `${items.length} things need you`}
      role="region"
    >
      <ul className={classes.items}>
        {items.map(({ key, text, href, link, more }) => (
          <li key={key}>
            <Text span size="sm" className="break-anywhere">
              {text}
            </Text>
            <AnchorLink href={href} size="sm">
              {link}
            </AnchorLink>
            {more}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function itemsOf(attention: Attention): Item[] {
  const { unconfirmedTasks, heldTasks, pausedSubmissions, unstoredFiles } = attention;
  const { unmatchedDeliveries: unmatched, conflictingDeliveries: conflicts } = attention;
  return [
    ...pausedSubmissions.map((submission): Item => {
      const why = submission.reason === "person" ? "paused by hand" : describeProblem(submission.reason).title;
      return {
        key: submission.id,
        text: `${submissionTitle(submission)} is not being sent: ${why}.`,
        href: submissionHref(submission.id),
        link: "See it",
      };
    }),
    ...(unconfirmedTasks > 0
      ? [
          {
            key: "unconfirmed",
            text: `${counted(unconfirmedTasks, "submit")} may have been accepted, and no webhook has come.`,
            href: tasksHref({ status: ["unconfirmed"] }),
            link: "Decide",
          },
        ]
      : []),
    ...(heldTasks > 0
      ? [
          {
            key: "held",
            text: `${counted(heldTasks, "task")} ${heldTasks === 1 ? "was" : "were"} not accepted, and ${heldTasks === 1 ? "waits" : "wait"} to be sent again.`,
            href: tasksHref({ status: ["queued"] }),
            link: heldTasks === 1 ? "See it" : "See them",
          },
        ]
      : []),
    ...unstoredFiles.map(({ taskId, submissionName: name, leadCount }): Item => {
      return {
        key: taskId,
        text: `The results of ${submissionTitle({ name, leadCount })} could not be stored.`,
        href: taskHref(taskId),
        link: "See why",
      };
    }),
    ...ofDeliveries("unmatched", unmatched, "that no task has"),
    ...ofDeliveries("conflict", conflicts, "that says other than what is known"),
  ];
}

function ofDeliveries(outcome: "unmatched" | "conflict", { count, newestId }: UnseenDeliveries, what: string): Item[] {
  if (count === 0 || newestId === null) return [];
  const words = outcome === "unmatched" ? "webhook came with a task_id" : "webhook came";
  const plural = outcome === "unmatched" ? "webhooks came with a task_id" : "webhooks came";
  return [
    {
      key: outcome,
      text: `${counted(count, words, plural)} ${what}.`,
      href: `/deliveries?outcome=${outcome}` as Route,
      link: count === 1 ? "See it" : "See them",
      more: <Dismiss outcome={outcome} upToId={newestId} />,
    },
  ];
}

/** For what needs no more than a look. A form, so that it works before JavaScript has loaded. */
function Dismiss({ outcome, upToId }: { outcome: string; upToId: string }) {
  const { state, failure, isPending, form } = useFormAction(dismiss, null);
  const queryClient = useQueryClient();

  useEffect(() => {
    if (!isPending) void queryClient.invalidateQueries({ queryKey: attentionQuery.queryKey });
  }, [isPending, queryClient]);

  return (
    <form {...form}>
      <input type="hidden" name="outcome" value={outcome} />
      <input type="hidden" name="upToId" value={upToId} />
      <Button type="submit" variant="subtle" size="compact-xs" loading={isPending}>
        Seen
      </Button>
      {state && (
        <Text span size="sm" role="alert">
          {state.error}
        </Text>
      )}
      <ActionFailureMessage of={failure} isCompact />
    </form>
  );
}
