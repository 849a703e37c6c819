"use client";

import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import type { Route } from "next";
import { useRouter } from "next/navigation";

export interface ChartSeries {
  label: string;
  /** A CSS colour. */
  color: string;
}

/** A moment of a chart: `values` and `hrefs` in the order of its series. */
export interface ChartBar {
  label: string;
  values: number[];
  hrefs: (Route | null)[];
}

/** The bars of a `TimeChart`. In a module of its own, since charts are a library of some size. */
export default function StackedBars({
  series,
  bars,
  format,
  height,
}: {
  series: ChartSeries[];
  bars: ChartBar[];
  format: (value: number) => string;
  height: number;
}) {
  const router = useRouter();
  const go = (index: number, ofSeries: string) => {
    const href = bars[index]?.hrefs[series.findIndex(({ label }) => label === ofSeries)];
    if (href) router.push(href);
  };
  return (
    <BarChart
      h={height}
      type="stacked"
      data={bars.map(({ label, values }) => ({
        label,
        ...Object.fromEntries(series.map((one, index) => [one.label, values[index]])),
      }))}
      dataKey="label"
      series={series.map(({ label, color }) => ({ name: label, color }))}
      valueFormatter={format}
      maxBarWidth={48}
      barProps={({ name }) => ({
        cursor: "pointer",
        isAnimationActive: false,
        onClick: (_bar: unknown, index: number) => go(index, name),
      })}
      // The picture has a name and a table; a focus stop within it would lead nowhere.
      barChartProps={{ accessibilityLayer: false }}
      tooltipAnimationDuration={0}
    />
  );
}
