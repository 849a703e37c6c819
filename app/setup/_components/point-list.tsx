import type { ReactNode } from "react";
import { Mark } from "@/app/_components/mark";
import { Section } from "@/app/_components/section";
import { POINT_LOOKS } from "@/app/setup/_components/point-looks";
import classes from "@/app/setup/_components/setup.module.css";
import { WithCode } from "@/app/setup/_components/with-code";
import type { SetupPoint } from "@/lib/setup/setup-point";

/** Some points of the checklist; `more` stands below the point that it is named after. */
export function PointList({
  title,
  points,
  more = {},
}: {
  title: string;
  points: SetupPoint[];
  more?: Record<string, ReactNode>;
}) {
  return (
    <Section title={title}>
      <ul className={classes.points}>
        {points.map((point) => (
          <Point key={point.id} point={point} more={more[point.id]} />
        ))}
      </ul>
    </Section>
  );
}

function Point({ point, more }: { point: SetupPoint; more: ReactNode }) {
  const { id, title, state, finding, mend, isAutomatic } = point;
  const { word, color, Icon } = POINT_LOOKS[state];
  return (
    <li id={id} className={classes.point} aria-label={title}>
      <Mark color={color} icon={<Icon size={13} aria-hidden />}>
        {word}
      </Mark>
      <div className={classes.words}>
        <h3 className={classes.title}>
          {title}
          {isAutomatic && <span className={classes.aside}>the app does it by itself</span>}
        </h3>
        <p>
          <WithCode>{finding}</WithCode>
        </p>
        {mend && (
          <p className={classes.mend} data-state={state}>
            <WithCode>{mend}</WithCode>
          </p>
        )}
        {more}
      </div>
    </li>
  );
}
