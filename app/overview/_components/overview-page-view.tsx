"use client";

import { Alert, Button, Paper, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertCircle, IconChartBar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import Link from "next/link";
import { EmptyState } from "@/app/_components/empty-state";
import { counted, duration, figure, money, percent } from "@/app/_components/figures";
import { ButtonLink } from "@/app/_components/links";
import { utcDayOfYear } from "@/app/_components/moments";
import { Section } from "@/app/_components/section";
import { BarTable } from "@/app/overview/_components/bar-table";
import { FigureTable } from "@/app/overview/_components/figure-table";
import classes from "@/app/overview/_components/overview-page.module.css";
import { TimeChart } from "@/app/overview/_components/time-chart";
import { type OverviewSpan, overviewQuery } from "@/app/overview/queries";
import { kindLabel } from "@/app/tasks/_components/lead-title";
import { STATUS_LOOKS } from "@/app/tasks/_components/status-badge";
import { tasksHref } from "@/app/tasks/task-href";
import { outcomeWords } from "@/lib/deliveries/delivery-words";
import type { DeliveredVia, Overview, OverviewBucket } from "@/lib/overview/overview-view";
import { isTaskKindId } from "@/lib/sixtyfour/task-kinds";
import { DELIVERED_BY, momentWords } from "@/lib/tasks/task-filter";
import { reasonWords } from "@/lib/tasks/task-problems";
import { OPEN_STATUSES, TASK_STATUSES } from "@/lib/tasks/task-status";

const VIAS: { via: DeliveredVia; color: string }[] = [
  { via: "webhook", color: "var(--chart-1)" },
  { via: "reconcile", color: "var(--chart-2)" },
  { via: "poll", color: "var(--chart-3)" },
];
const REST = "var(--chart-rest)";

/** How it went: figures that lead to the tasks behind them. */
export function OverviewPageView({ span }: { span: OverviewSpan }) {
  const { data, isError, refetch } = useQuery(overviewQuery(span));
  if (!data) {
    return isError ? (
      <Alert color="red" icon={<IconAlertCircle aria-hidden />} title="The figures could not be loaded">
        <Button variant="default" size="xs" mt="xs" onClick={() => void refetch()}>
          Try again
        </Button>
      </Alert>
    ) : (
      <Skeleton height={400} aria-label="Loading" />
    );
  }
  if (data.tasks === 0 && data.oddDeliveries.length === 0) return <NothingThen />;
  return (
    <Stack gap="lg" className={classes.overview}>
      <Figures overview={data} />
      <DeliveredOverTime overview={data} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title="Tasks by state">
          <BarTable
            label="Tasks by state"
            rows={TASK_STATUSES.filter((status) => data.byStatus[status] > 0).map((status) => ({
              key: status,
              label: STATUS_LOOKS[status].label,
              count: data.byStatus[status],
              href: tasksHref({ ...data.filter, status: [status] }),
              color: `var(--mantine-color-${STATUS_LOOKS[status].color}-6)`,
            }))}
            empty="No task was submitted then."
          />
        </Section>
        <Failures overview={data} />
        <FoundOverTime overview={data} />
        <SpendOverTime overview={data} />
      </SimpleGrid>
      <Kinds overview={data} />
      <OddDeliveries overview={data} />
    </Stack>
  );
}

function NothingThen() {
  return (
    <EmptyState
      icon={<IconChartBar />}
      title="Nothing was submitted then"
      text="Choose a longer time, or submit a lead: figures show up here as results come."
      action={<ButtonLink href="/submissions/new">New submission</ButtonLink>}
    />
  );
}

/** What one wants to know first. */
function Figures({ overview }: { overview: Overview }) {
  const { filter, tasks, leads, via, found, notFound, duration: took, chargedCents, pricedTasks } = overview;
  const open = OPEN_STATUSES.reduce((total, status) => total + overview.byStatus[status], 0);
  const delivered = via.webhook + via.poll + via.reconcile;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="md">
      <FigureCard
        label="Tasks"
        value={figure(tasks)}
        detail={`${counted(leads, "lead")}, ${figure(open)} open`}
        href={tasksHref(filter)}
      />
      <FigureCard
        label="Found"
        value={percent(found, found + notFound)}
        detail={`${figure(found)} of ${counted(found + notFound, "lead")}`}
        href={tasksHref({ ...filter, found: "yes" })}
      />
      <FigureCard
        label="By webhook"
        value={percent(via.webhook, delivered)}
        detail={`${figure(via.webhook)} of ${figure(delivered)} delivered`}
        href={tasksHref({ ...filter, via: "webhook" })}
      />
      <FigureCard
        label="Submit to delivery"
        value={took ? duration(took.p50) : "–"}
        detail={took ? `95 % within ${duration(took.p95)}` : "Nothing delivered"}
        href={tasksHref({ ...filter, sort: "delivered" })}
      />
      <FigureCard
        label="Spend"
        value={pricedTasks > 0 ? money(chargedCents) : "–"}
        detail={`Known of ${counted(pricedTasks, "task")}`}
        href={tasksHref({ ...filter, sort: "costliest" })}
      />
    </SimpleGrid>
  );
}

function FigureCard({ label, value, detail, href }: { label: string; value: string; detail: string; href: Route }) {
  return (
    <Paper component={Link} href={href} withBorder p="md" className={classes.figure}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={26} fw={600} lh={1.3} className="tabular">
        {value}
      </Text>
      <Text size="xs" c="dimmed" className="tabular">
        {detail}
      </Text>
    </Paper>
  );
}

function DeliveredOverTime({ overview }: { overview: Overview }) {
  const { via, undelivered } = overview;
  const words = VIAS.map((one) => `${figure(via[one.via])} ${lowerFirst(DELIVERED_BY[one.via])}`);
  return (
    <TimeChart
      title="How results came"
      summary={`Tasks by when they were submitted: ${words.join(", ")}, ${figure(undelivered)} not delivered.`}
      series={[
        ...VIAS.map((one) => ({ label: DELIVERED_BY[one.via], color: one.color })),
        { label: DELIVERED_BY.none, color: REST },
      ]}
      bars={overview.buckets.map((bucket) => ({
        label: bucketLabel(bucket),
        values: [...VIAS.map((one) => bucket.via[one.via]), bucket.undelivered],
        hrefs: [...VIAS.map((one) => one.via), "none" as const].map((one) => tasksHref({ ...bucket.filter, via: one })),
      }))}
    />
  );
}

function FoundOverTime({ overview }: { overview: Overview }) {
  const { found, notFound } = overview;
  return (
    <TimeChart
      title="What was found"
      summary={`Something for ${counted(found, "lead")}, and nothing for ${figure(notFound)}.`}
      series={[
        { label: "Found", color: "var(--chart-1)" },
        { label: "Not found", color: REST },
      ]}
      bars={overview.buckets.map((bucket) => ({
        label: bucketLabel(bucket),
        values: [bucket.found, bucket.notFound],
        hrefs: [tasksHref({ ...bucket.filter, found: "yes" }), tasksHref({ ...bucket.filter, found: "no" })],
      }))}
    />
  );
}

function SpendOverTime({ overview }: { overview: Overview }) {
  const { chargedCents, pricedTasks, tasks } = overview;
  return (
    <TimeChart
      title="Spend"
      summary={`${money(chargedCents)}, as far as Sixtyfour says: of ${figure(pricedTasks)} of ${counted(tasks, "task")}.`}
      series={[{ label: "Charged", color: "var(--chart-1)" }]}
      bars={overview.buckets.map((bucket) => ({
        label: bucketLabel(bucket),
        values: [bucket.chargedCents],
        hrefs: [tasksHref({ ...bucket.filter, sort: "costliest" })],
      }))}
      format={money}
    />
  );
}

function Failures({ overview: { failures, otherFailures, filter } }: { overview: Overview }) {
  return (
    <Section title="Failures by reason">
      <BarTable
        label="Failures by reason"
        rows={[
          ...failures.map(({ reason, tasks }) => ({
            key: reason,
            label: reasonWords(reason),
            count: tasks,
            href: tasksHref({ ...filter, status: ["failed"], reason }),
            color: "var(--mantine-color-red-6)",
          })),
          ...(otherFailures > 0
            ? [
                {
                  key: "others",
                  label: "All other reasons",
                  count: otherFailures,
                  href: tasksHref({ ...filter, status: ["failed"] }),
                  color: REST,
                },
              ]
            : []),
        ]}
        empty="Nothing has failed."
      />
    </Section>
  );
}

/** Of each kind: how it went, and how long it takes. */
function Kinds({ overview: { kinds, filter } }: { overview: Overview }) {
  return (
    <Section title="By kind">
      <FigureTable
        label="By kind"
        header={["Kind", "Tasks", "Found", "By webhook", "Half within", "95 % within", "Spend"]}
        rows={kinds.map(({ kind, tasks, found, notFound, via, duration: took, chargedCents, pricedTasks }) => ({
          key: kind,
          name: isTaskKindId(kind) ? <a href={tasksHref({ ...filter, kind: [kind] })}>{kindLabel(kind)}</a> : kind,
          cells: [
            figure(tasks),
            percent(found, found + notFound),
            percent(via.webhook, via.webhook + via.poll + via.reconcile),
            took ? duration(took.p50) : "–",
            took ? duration(took.p95) : "–",
            pricedTasks > 0 ? money(chargedCents) : "–",
          ],
        }))}
        minWidth={640}
      />
      <Text size="xs" c="dimmed" mt="xs">
        From the submit to the delivery of the result, for tasks that have ended.
      </Text>
    </Section>
  );
}

function OddDeliveries({ overview: { oddDeliveries, filter } }: { overview: Overview }) {
  return (
    <Section title="Deliveries out of the ordinary">
      <BarTable
        label="Deliveries out of the ordinary"
        rows={oddDeliveries.map(({ outcome, deliveries }) => ({
          key: outcome,
          label: `${outcomeWords(outcome).label}: ${lowerFirst(outcomeWords(outcome).meaning)}`,
          count: deliveries,
          href: deliveriesHref(outcome, filter),
          color: outcome === "refused" || outcome === "malformed" ? "var(--mantine-color-red-6)" : REST,
        }))}
        empty="Each delivery has brought the end of its task."
      />
    </Section>
  );
}

/** The log takes days and moments; the last hour of a filter ends an hour later. */
function deliveriesHref(outcome: string, { from = "", to = "" }: Overview["filter"]): Route {
  const moment = (hour: string, laterMs: number) =>
    hour.includes("T") ? new Date(Date.parse(hour) + laterMs).toISOString() : hour;
  const query = new URLSearchParams({ outcome, from: moment(from, 0), to: moment(to, 3_600_000) });
  return `/deliveries?${query}` as Route;
}

/** `10:00`, `24 Nov` or `1 Dec – 7 Dec`. */
function bucketLabel({ filter: { from = "", to = "" } }: OverviewBucket): string {
  if (from.includes("T")) return momentWords(from).slice(5);
  const [first, last] = [utcDayOfYear(new Date(from)), utcDayOfYear(new Date(to))];
  return first === last ? first : `${first} – ${last}`;
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
