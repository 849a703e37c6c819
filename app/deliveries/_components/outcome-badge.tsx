import type { MantineColor } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCopy,
  IconEraser,
  IconFileBroken,
  IconNote,
  IconPlaneDeparture,
  IconQuestionMark,
  IconShieldX,
  IconSitemap,
  type TablerIcon,
} from "@tabler/icons-react";
import { Mark } from "@/app/_components/mark";
import type { DeliveryOutcome, DeliveryView } from "@/lib/deliveries/delivery-view";
import { deliveryWords, isPreflight } from "@/lib/deliveries/delivery-words";

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

const PREFLIGHT_LOOK = { color: "gray", Icon: IconPlaneDeparture };

export function OutcomeBadge({ delivery }: { delivery: Pick<DeliveryView, "outcome" | "eventType"> }) {
  const { color, Icon } = isPreflight(delivery) ? PREFLIGHT_LOOK : LOOKS[delivery.outcome];
  return (
    <Mark color={color} icon={<Icon size={13} aria-hidden />}>
      {deliveryWords(delivery).label}
    </Mark>
  );
}
