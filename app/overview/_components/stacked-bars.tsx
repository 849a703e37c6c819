"use client";

import { useElementSize } from "@mantine/hooks";
import { AxisBottom, AxisLeft } from "@visx/axis";
import { GridRows } from "@visx/grid";
import { scaleBand, scaleLinear, scaleOrdinal } from "@visx/scale";
import { BarStack } from "@visx/shape";
import type { Route } from "next";
import Link from "next/link";
import { type PointerEvent, useState } from "react";
import classes from "@/app/overview/_components/stacked-bars.module.css";

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

const HEIGHT = 220;
const TOP = 8;
const BOTTOM = HEIGHT - 28;
const RIGHT = 8;
/** What a label of 11 px takes, about. */
const CHARACTER = 6.5;
/** Before the browser has said how wide it is: the bars are stretched to fit until then. */
const ASSUMED_WIDTH = 720;

interface StackedBarsProps {
  series: ChartSeries[];
  bars: ChartBar[];
  format: (value: number) => string;
}

/** The bars of a `TimeChart`, for the eye and the pointer: each is a link, and the moment under the pointer is told. */
export function StackedBars({ series, bars, format }: StackedBarsProps) {
  const { ref, width: measured } = useElementSize();
  const [pointedAt, setPointedAt] = useState<number | null>(null);
  const width = measured || ASSUMED_WIDTH;

  const highest = Math.max(1, ...bars.map(({ values }) => values.reduce((total, value) => total + value, 0)));
  const yScale = scaleLinear<number>({ domain: [0, highest], range: [BOTTOM, TOP], nice: 4 });
  // Counts and cents: a line at half of one would say nothing.
  const ticks = yScale.ticks(4).filter(Number.isInteger);
  const left = Math.max(...ticks.map((tick) => format(tick).length)) * CHARACTER + 12;
  const xScale = scaleBand<number>({
    domain: bars.map((_, index) => index),
    range: [left, width - RIGHT],
    padding: 0.2,
  });
  const colors = scaleOrdinal<number, string>({
    domain: series.map((_, index) => index),
    range: series.map(({ color }) => color),
  });

  const labelWidth = Math.max(...bars.map(({ label }) => label.length)) * CHARACTER + 16;
  const everyNth = Math.max(1, Math.ceil(labelWidth / xScale.step()));
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const x = ((event.clientX - event.currentTarget.getBoundingClientRect().left) * width) / (measured || width);
    const index = Math.floor((x - left) / xScale.step());
    setPointedAt(index >= 0 && index < bars.length ? index : null);
  };
  const pointed = pointedAt === null ? undefined : bars[pointedAt];

  return (
    <div aria-hidden>
      <div className={classes.legend}>
        {series.map(({ label, color }) => (
          <span key={label}>
            <span className={classes.dot} style={{ background: color }} />
            {label}
          </span>
        ))}
      </div>
      <div ref={ref} className={classes.frame} style={{ height: HEIGHT }} data-measured={measured > 0 || undefined}>
        <svg
          aria-hidden
          viewBox={`0 0 ${width} ${HEIGHT}`}
          preserveAspectRatio="none"
          onPointerMove={point}
          onPointerLeave={() => setPointedAt(null)}
        >
          <GridRows scale={yScale} tickValues={ticks} left={left} width={width - RIGHT - left} stroke="currentColor" />
          {pointedAt !== null && (
            <rect
              x={xScale(pointedAt)}
              y={TOP}
              width={xScale.bandwidth()}
              height={BOTTOM - TOP}
              className={classes.pointed}
            />
          )}
          <BarStack
            data={bars.map((bar, index) => ({ ...bar, index }))}
            keys={series.map((_, index) => index)}
            value={({ values }, key) => values[key] ?? 0}
            x={({ index }) => index}
            xScale={xScale}
            yScale={yScale}
            color={colors}
          >
            {(stacks) =>
              stacks.flatMap(({ bars: ofSeries }) =>
                ofSeries.map(({ key, index, x, y, width: barWidth, height, color }) => {
                  const href = bars[index]?.hrefs[key];
                  if (height <= 0) return null;
                  const mark = (
                    <rect key={`${key}-${index}`} x={x} y={y} width={barWidth} height={height} fill={color} />
                  );
                  // Keys and screen readers have the table; the picture would repeat each of its links.
                  return href ? (
                    <Link key={`${key}-${index}`} href={href} prefetch={false} tabIndex={-1}>
                      {mark}
                    </Link>
                  ) : (
                    mark
                  );
                }),
              )
            }
          </BarStack>
          <AxisLeft
            scale={yScale}
            left={left}
            tickValues={ticks}
            tickFormat={(tick) => format(Number(tick))}
            tickComponent={({ x, y, formattedValue }) => (
              <text x={x} y={y} dy="0.32em" textAnchor="end" className={classes.tick}>
                {formattedValue}
              </text>
            )}
            hideAxisLine
            hideTicks
          />
          <AxisBottom
            scale={xScale}
            top={BOTTOM}
            tickValues={bars.map((_, index) => index).filter((index) => index % everyNth === 0)}
            tickFormat={(index) => bars[index]?.label ?? ""}
            tickComponent={({ x, y, formattedValue }) => (
              <text x={x} y={y} textAnchor="middle" className={classes.tick}>
                {formattedValue}
              </text>
            )}
            hideTicks
            stroke="currentColor"
          />
        </svg>
        {pointed && pointedAt !== null && (
          <div
            className={classes.tooltip}
            style={{ insetInlineStart: xScale(pointedAt) }}
            data-before={pointedAt > bars.length / 2 || undefined}
          >
            <strong>{pointed.label}</strong>
            {series.map(({ label, color }, index) => (
              <span key={label}>
                <span className={classes.dot} style={{ background: color }} />
                {label}
                <span className="tabular">{format(pointed.values[index] ?? 0)}</span>
              </span>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
