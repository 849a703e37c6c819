"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import type { MouseEvent, ReactNode } from "react";
import classes from "@/app/overview/_components/figure-table.module.css";

interface FigureTableProps {
  label: string;
  /** Of the columns; the first is that of the rows' names. */
  header: string[];
  rows: { key: string; name: ReactNode; cells: ReactNode[] }[];
  /** It scrolls within itself where it is higher than so many pixels. */
  maxHeight?: number;
  minWidth?: number;
}

/**
 * Figures in rows, many of them links. Plain elements, and one listener for all links: a chart's table has a hundred, and
 * nobody may ever look at it.
 */
export function FigureTable({ label, header, rows, maxHeight, minWidth }: FigureTableProps) {
  const router = useRouter();
  const follow = (event: MouseEvent) => {
    const link = (event.target as HTMLElement).closest("a");
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlain) return;
    event.preventDefault();
    router.push((link.pathname + link.search) as Route);
  };
  return (
    <section
      className={classes.scroll}
      style={{ maxHeight }}
      aria-label={`${label}, scrolling`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse.
      tabIndex={0}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: links are clicked by the keyboard as well. */}
      <table className={classes.table} aria-label={label} style={{ minWidth }} onClick={follow}>
        <thead>
          <tr>
            {header.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, cells }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column.
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
