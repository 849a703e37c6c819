import { Alert } from "@mantine/core";
import { counted } from "@/app/_components/figures";
import { POINT_LOOKS } from "@/app/setup/_components/point-looks";
import classes from "@/app/setup/_components/setup.module.css";
import { WithCode } from "@/app/setup/_components/with-code";
import type { PointState, SetupPoint } from "@/lib/setup/setup-point";

/** Most urgent first. */
const ORDER = ["bad", "warn", "unknown"] as const satisfies PointState[];

/** How it stands on the whole, with the way to each point that is not in order. */
export function Summary({ points, isSandbox }: { points: SetupPoint[]; isSandbox: boolean }) {
  const open = ORDER.flatMap((state) => points.filter((point) => point.state === state));
  // What is not known for want of something else is mended with that.
  const listed = open.filter(({ state, mend }) => state !== "unknown" || mend !== null);
  const worst = open[0]?.state ?? "ok";
  const { color, Icon } = POINT_LOOKS[worst];
  return (
    <Alert color={color} icon={<Icon aria-hidden />} title={titleOf(points, isSandbox)} role="region">
      {open.length === 0 ? (
        <WithCode>
          {isSandbox
            ? "All that a sandbox can show is right. For production set `SIXTYFOUR_API_KEY`, and unset `SIXTYFOUR_API_URL`."
            : `Each of the ${points.length} points is as it should be.`}
        </WithCode>
      ) : (
        <ul className={classes.open}>
          {listed.map(({ id, title, state }) => (
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

function titleOf(points: SetupPoint[], isSandbox: boolean): string {
  const countOf = (state: PointState) => points.filter((point) => point.state === state).length;
  const [bad, warn, unknown] = ORDER.map(countOf) as [number, number, number];
  const parts = [
    ...(bad > 0 ? [`${counted(bad, "thing")} to mend`] : []),
    ...(warn > 0 ? [`${counted(warn, "thing")} to look at`] : []),
    ...(unknown > 0 ? [`${counted(unknown, "thing")} not known`] : []),
  ];
  if (parts.length > 0) return parts.join(", ");
  return isSandbox ? "In order, for a sandbox" : "Ready for production";
}
