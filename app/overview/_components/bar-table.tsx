import { Text } from "@mantine/core";
import type { Route } from "next";
import Link from "next/link";
import { figure } from "@/app/_components/figures";
import classes from "@/app/overview/_components/bar-table.module.css";

export interface BarRow {
  key: string;
  label: string;
  count: number;
  href: Route;
  /** A CSS colour of its bar. */
  color: string;
}

/** A chart that is a table: what, how many, and a bar as long as its share of the largest. Each row is a link. */
export function BarTable({ label, rows, empty }: { label: string; rows: BarRow[]; empty: string }) {
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {empty}
      </Text>
    );
  }
  const largest = Math.max(...rows.map(({ count }) => count));
  return (
    <table aria-label={label} className={classes.table}>
      <tbody>
        {rows.map(({ key, label: words, count, href, color }) => (
          <tr key={key}>
            <th scope="row">
              <Link href={href}>{words}</Link>
              <div
                className={classes.bar}
                style={{ width: `${Math.max(0.5, (count / largest) * 100)}%`, background: color }}
                aria-hidden
              />
            </th>
            <td className="tabular">{figure(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
