import type { MantineColor } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCopy,
  IconEraser,
  IconFileBroken,
  IconNote,
  IconQuestionMark,
  IconShieldX,
  IconSitemap,
  type TablerIcon,
} from "@tabler/icons-react";
import { Mark } from "@/app/_components/mark";
import type { DeliveryOutcome } from "@/lib/deliveries/delivery-view";
import { outcomeWords } from "@/lib/deliveries/delivery-words";

const LOOKS: Record<DeliveryOutcome, { color: MantineColor; Icon: TablerIcon }> = {
  applied: { color: "green", Icon: IconCircleCheck },
  duplicate: { color: "gray", Icon: IconCopy },
  conflict: { color: "orange", Icon: IconAlertTriangle },
  noted: { color: "blue", Icon: IconNote },
  unmatched: { color: "yellow", Icon: IconQuestionMark },
  workflow: { color: "gray", Icon: IconSitemap },
  refused: { color: "red", Icon: IconShieldX },
  malformed: { color: "red", Icon: IconFileBroken },
  erased: { color: "gray", Icon: IconEraser },
};

export function OutcomeBadge({ outcome }: { outcome: DeliveryOutcome }) {
  const { color, Icon } = LOOKS[outcome];
  return (
    <Mark color={color} icon={<Icon size={13} aria-hidden />}>
      {outcomeWords(outcome).label}
    </Mark>
  );
}
