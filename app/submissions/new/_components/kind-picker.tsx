import { SimpleGrid, Text } from "@mantine/core";
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
import classes from "@/app/submissions/new/_components/kind-picker.module.css";
import { TASK_KIND_IDS, TASK_KINDS, type TaskKindId } from "@/lib/sixtyfour/task-kinds";

const ICONS: Record<TaskKindId, TablerIcon> = {
  find_email: IconMail,
  find_phone: IconPhone,
  people_intelligence: IconUserSearch,
  company_intelligence: IconBuilding,
  reverse_email: IconAt,
  reverse_phone: IconPhoneIncoming,
  research_agent: IconTelescope,
  qa_agent: IconChecklist,
};

/** What to do: a link a kind. */
export function KindPicker({ chosen }: { chosen: TaskKindId }) {
  return (
    <nav aria-label="What to do">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {TASK_KIND_IDS.map((kind) => {
          const Icon = ICONS[kind];
          const { label, description, typicalTime } = TASK_KINDS[kind];
          return (
            <Link
              key={kind}
              href={`/submissions/new?kind=${kind}`}
              className={classes.kind}
              aria-current={kind === chosen ? "page" : undefined}
              scroll={false}
            >
              <Icon size={20} className={classes.icon} aria-hidden />
              <span>
                <Text span display="block" fw={600} size="sm">
                  {label}
                </Text>
                <Text span className={classes.description} size="xs" c="dimmed">
                  {description} Usually {typicalTime}.
                </Text>
              </span>
            </Link>
          );
        })}
      </SimpleGrid>
    </nav>
  );
}
