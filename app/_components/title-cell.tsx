import { Text } from "@mantine/core";
import type { Route } from "next";
import { AnchorLink } from "@/app/_components/links";

interface TitleCellProps {
  href: Route;
  title: string;
  /** One more line, cut where it is too long. */
  detail?: string | null | undefined;
}

/** What a row of a table is called, and the way to its page. */
export function TitleCell({ href, title, detail }: TitleCellProps) {
  return (
    <>
      <AnchorLink href={href} fw={500} size="sm" c="var(--mantine-color-text)" lineClamp={2} className="break-anywhere">
        {title}
      </AnchorLink>
      {detail && (
        <Text size="xs" c="dimmed" truncate>
          {detail}
        </Text>
      )}
    </>
  );
}
