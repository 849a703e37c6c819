"use client";

import { Group, Skeleton, Text } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { lazy, Suspense, useEffect, useState } from "react";
import { figure } from "@/app/_components/figures";
import { Section } from "@/app/_components/section";
import { FigureTable } from "@/app/overview/_components/figure-table";
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
        <FigureTable
          label={title}
          header={["Time (UTC)", ...series.map(({ label }) => label)]}
          rows={bars.map(({ label, values, hrefs }) => ({
            key: label,
            name: label,
            cells: values.map((value, index) => {
              const href = hrefs[index];
              if (value === 0 || !href) return format(value);
              return (
                <a key={href} href={href}>
                  {format(value)}
                </a>
              );
            }),
          }))}
          maxHeight={320}
        />
      </details>
    </Section>
  );
}
