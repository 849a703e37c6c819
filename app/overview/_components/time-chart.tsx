"use client";

import { Text } from "@mantine/core";
import { figure } from "@/app/_components/figures";
import { Section } from "@/app/_components/section";
import { FigureTable } from "@/app/overview/_components/figure-table";
import { type ChartBar, type ChartSeries, StackedBars } from "@/app/overview/_components/stacked-bars";
import classes from "@/app/overview/_components/time-chart.module.css";

interface TimeChartProps {
  title: string;
  /** What it shows, in a sentence. */
  summary: string;
  series: ChartSeries[];
  /** In the order of time. */
  bars: ChartBar[];
  format?: (value: number) => string;
}

/** Figures over time: bars for the eye, each a link, and the same as a table with links for everybody else. */
export function TimeChart({ title, summary, series, bars, format = figure }: TimeChartProps) {
  return (
    <Section title={title}>
      <Text size="sm" c="dimmed" mb="sm">
        {summary}
      </Text>
      <StackedBars series={series} bars={bars} format={format} />
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
