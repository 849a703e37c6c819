import { SimpleGrid, Stack, Text } from "@mantine/core";
import {
  IconAt,
  IconBuilding,
  IconChecklist,
  IconMail,
  IconPhone,
  IconPhoneIncoming,
  IconTelescope,
  IconUserSearch,
  type TablerIcon,
} from "@tabler/icons-react";
import Link from "next/link";
import { figureOfPrice } from "@/app/submissions/_components/price-words";
import classes from "@/app/submissions/new/_components/kind-picker.module.css";
import { groupedTaskKinds, type KindIcon, TASK_KINDS, type TaskKindId } from "@/lib/sixtyfour/task-kinds";

const ICONS: Record<KindIcon, TablerIcon> = {
  address: IconAt,
  building: IconBuilding,
  call: IconPhoneIncoming,
  checklist: IconChecklist,
  mail: IconMail,
  person: IconUserSearch,
  phone: IconPhone,
  telescope: IconTelescope,
};

/** Links to the form of each kind, in groups. */
export function KindPicker({ chosen }: { chosen: TaskKindId }) {
  return (
    <nav aria-label="Enrichment type">
      <Stack gap="md">
        {groupedTaskKinds().map(({ label, kinds }) => (
          <div key={label}>
            <Text component="h2" size="xs" c="dimmed" fw={600} mb={6}>
              {label}
            </Text>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              {kinds.map((kind) => (
                <KindLink key={kind} kind={kind} isChosen={kind === chosen} />
              ))}
            </SimpleGrid>
          </div>
        ))}
      </Stack>
    </nav>
  );
}

function KindLink({ kind, isChosen }: { kind: TaskKindId; isChosen: boolean }) {
  const { icon, label, description, typicalTime } = TASK_KINDS[kind];
  const [price] = figureOfPrice(kind, {});
  const Icon = ICONS[icon];
  return (
    <Link
      href={`/submissions/new?kind=${kind}`}
      className={classes.kind}
      aria-current={isChosen ? "page" : undefined}
      scroll={false}
    >
      <Icon size={20} className={classes.icon} aria-hidden />
      <span>
        <Text span display="block" fw={600} size="sm">
          {label}
        </Text>
        <Text span className={classes.description} size="xs" c="dimmed">
          {description} {price ? `A${price.slice(1)}, usually` : "Usually"} {typicalTime}.
        </Text>
      </span>
    </Link>
  );
}
