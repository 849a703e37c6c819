"use client";

import { Group, Skeleton, Table, Text } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import type { Route } from "next";
import { lazy, Suspense, useEffect, useState } from "react";
import { figure } from "@/app/_components/figures";
import { AnchorLink } from "@/app/_components/links";
import { Section } from "@/app/_components/section";
import type { ChartBar, ChartSeries } from "@/app/overview/_components/stacked-bars";
import classes from "@/app/overview/_components/time-chart.module.css";

const StackedBars = lazy(() => import("@/app/overview/_components/stacked-bars"));

const HEIGHT = 220;

interface TimeChartProps {
  title: string;
  /** What it shows, in a sentence. */
  summary: string;
  series: ChartSeries[];
  /** In the order of time. */
  bars: ChartBar[];
  format?: (value: number) => string;
}

/**
 * Figures over time: bars for the eye, each a link, and the same as a table with links for everybody else. The bars are
 * drawn once they come into view, in a place that was kept for them.
 */
export function TimeChart({ title, summary, series, bars, format = figure }: TimeChartProps) {
  const { ref, entry } = useIntersection({ rootMargin: "100px" });
  const [isSeen, setIsSeen] = useState(false);
  useEffect(() => {
    if (entry?.isIntersecting) setIsSeen(true);
  }, [entry]);

  return (
    <Section title={title}>
      <Text size="sm" c="dimmed" mb="sm">
        {summary}
      </Text>
      <Group gap="md" mb="sm" aria-hidden className={classes.legend}>
        {series.map(({ label, color }) => (
          <span key={label}>
            <span className={classes.dot} style={{ background: color }} />
            {label}
          </span>
        ))}
      </Group>
      <div
        ref={ref}
        role="img"
        aria-label={`${title}. ${summary}`}
        className={classes.chart}
        style={{ height: HEIGHT }}
      >
        {isSeen && (
          <Suspense fallback={<Skeleton height={HEIGHT} />}>
            <StackedBars series={series} bars={bars} format={format} height={HEIGHT} />
          </Suspense>
        )}
      </div>
      <details className={classes.figures}>
        <summary>As a table</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse. */}
        <section className={classes.scroll} aria-label={`${title}, as a table`} tabIndex={0}>
          <Table aria-label={title} verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Time (UTC)</Table.Th>
                {series.map(({ label }) => (
                  <Table.Th key={label} scope="col" ta="end">
                    {label}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {bars.map(({ label, values, hrefs }) => (
                <Table.Tr key={label}>
                  <Table.Th scope="row" fw={400}>
                    {label}
                  </Table.Th>
                  {series.map((one, index) => (
                    <Table.Td key={one.label} ta="end" className="tabular">
                      <Figure value={values[index] ?? 0} href={hrefs[index] ?? null} format={format} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      </details>
    </Section>
  );
}

function Figure({ value, href, format }: { value: number; href: Route | null; format: (value: number) => string }) {
  if (value === 0 || !href) return format(value);
  return (
    <AnchorLink href={href} size="sm">
      {format(value)}
    </AnchorLink>
  );
}
