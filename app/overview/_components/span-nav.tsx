import { Button, Group, TextInput } from "@mantine/core";
import { CountNav } from "@/app/_components/count-nav";
import classes from "@/app/overview/_components/span-nav.module.css";
import { overviewHref } from "@/app/overview/overview-href";
import type { OverviewSpan } from "@/app/overview/queries";
import { SINCE, type Since } from "@/lib/tasks/task-filter";

/** Which time the overview is about: links, and a plain form for days of one's own. */
export function SpanNav({ span }: { span: OverviewSpan }) {
  const { since, from, to } = span;
  return (
    <Group gap="xs" align="flex-start">
      <CountNav
        label="Time"
        items={(Object.keys(SINCE) as Since[]).map((one) => ({
          key: one,
          label: SINCE[one].label,
          count: null,
          href: overviewHref({ since: one }),
          isCurrent: one === since,
        }))}
      />
      <details className={classes.own} open={!since}>
        <summary>Other days</summary>
        <form action="/overview">
          <TextInput type="date" name="from" label="From (UTC)" size="xs" defaultValue={from?.slice(0, 10)} />
          <TextInput type="date" name="to" label="To (UTC)" size="xs" defaultValue={to?.slice(0, 10)} />
          <Button type="submit" variant="default" size="xs">
            Show
          </Button>
        </form>
      </details>
    </Group>
  );
}
