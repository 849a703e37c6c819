import { Alert } from "@mantine/core";
import { counted } from "@/app/_components/figures";
import { POINT_LOOKS } from "@/app/setup/_components/point-looks";
import classes from "@/app/setup/_components/setup.module.css";
import type { PointState, SetupPoint } from "@/lib/setup/setup-point";

/** Most urgent first. */
const ORDER = ["bad", "warn", "unknown"] as const satisfies PointState[];

/** How it stands on the whole, with the way to each point that is not in order. */
export function Summary({ points }: { points: SetupPoint[] }) {
  const open = ORDER.flatMap((state) => points.filter((point) => point.state === state));
  const worst = open[0]?.state ?? "ok";
  const { color, Icon } = POINT_LOOKS[worst];
  return (
    <Alert color={color} icon={<Icon aria-hidden />} title={titleOf(points)} role="region" aria-label="Summary">
      {open.length === 0 ? (
        `All ${points.length} points are in order.`
      ) : (
        <ul className={classes.open}>
          {open.map(({ id, title, state }) => (
            <li key={id}>
              <a href={`#${id}`}>{title}</a>
              <span>{POINT_LOOKS[state].word.toLowerCase()}</span>
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

function titleOf(points: SetupPoint[]): string {
  const countOf = (state: PointState) => points.filter((point) => point.state === state).length;
  const [bad, warn, unknown] = ORDER.map(countOf) as [number, number, number];
  const parts = [
    ...(bad > 0 ? [`${counted(bad, "thing")} to mend`] : []),
    ...(warn > 0 ? [`${counted(warn, "thing")} to look at`] : []),
    ...(unknown > 0 ? [`${counted(unknown, "thing")} not known`] : []),
  ];
  return parts.length === 0 ? "Ready for production" : parts.join(", ");
}
