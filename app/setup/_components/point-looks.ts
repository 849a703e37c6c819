import type { MantineColor } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpCircle, type TablerIcon } from "@tabler/icons-react";
import type { PointState } from "@/lib/setup/setup-point";

/** A state is told by its word and its icon; the colour only helps. */
export const POINT_LOOKS: Record<PointState, { word: string; color: MantineColor; Icon: TablerIcon }> = {
  ok: { word: "In order", color: "green", Icon: IconCircleCheck },
  warn: { word: "Look at it", color: "yellow", Icon: IconAlertTriangle },
  bad: { word: "To mend", color: "red", Icon: IconCircleX },
  unknown: { word: "Not known", color: "gray", Icon: IconHelpCircle },
};
