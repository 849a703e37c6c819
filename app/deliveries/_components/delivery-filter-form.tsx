"use client";

import { Button, Group, NativeSelect } from "@mantine/core";
import Form from "next/form";
import { AnchorLink } from "@/app/_components/links";
import classes from "@/app/deliveries/_components/delivery-filter-form.module.css";
import { DELIVERY_OUTCOMES, DELIVERY_PERIODS, type DeliveryFilter } from "@/lib/deliveries/delivery-view";
import { outcomeWords, periodWords } from "@/lib/deliveries/delivery-words";

const OUTCOMES = DELIVERY_OUTCOMES.map((outcome) => ({ value: outcome, label: outcomeWords(outcome).label }));
const PERIODS = DELIVERY_PERIODS.map((period) => ({
  value: period === "any" ? "" : period,
  label: periodWords(period),
}));

/**
 * Narrows the log. A form that gets the page anew, so it works before JavaScript has loaded, and the address says what
 * is shown. A span of exact times comes by the address alone, and stays until another is chosen.
 */
export function DeliveryFilterForm({ filter }: { filter: DeliveryFilter }) {
  const { outcome, within, from, to } = filter;
  const hasSpan = !within && Boolean(from || to);
  const periods = hasSpan
    ? [{ value: "", label: spanWords(filter) }, { value: "any", label: periodWords("any") }, ...PERIODS.slice(1)]
    : PERIODS;
  return (
    <Form action="/deliveries" aria-label="Filter">
      {hasSpan && from && <input type="hidden" name="from" value={from} />}
      {hasSpan && to && <input type="hidden" name="to" value={to} />}
      <Group align="flex-end" gap="sm" className={classes.fields}>
        <NativeSelect
          label="Outcome"
          name="outcome"
          defaultValue={outcome ?? ""}
          data={[{ value: "", label: "Every outcome" }, ...OUTCOMES]}
        />
        <NativeSelect
          label="Received"
          name="within"
          defaultValue={within === "any" ? "" : (within ?? "")}
          data={periods}
        />
        <Group gap="sm" wrap="nowrap" className={classes.actions}>
          <Button type="submit" variant="default">
            Filter
          </Button>
          {(outcome || hasSpan || (within && within !== "any")) && (
            <AnchorLink href="/deliveries" size="sm">
              Show all
            </AnchorLink>
          )}
        </Group>
      </Group>
    </Form>
  );
}

function spanWords({ from, to }: DeliveryFilter): string {
  if (from && to) return `${from} to ${to}`;
  return from ? `Since ${from}` : `Until ${to}`;
}
