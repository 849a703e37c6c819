"use client";

import { ActionIcon, Indicator, Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBell } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { markMessagesRead, useMessages } from "@/app/_components/shell/messages";
import { useTellsEnds } from "@/app/_components/shell/use-tells-ends";

// Loaded when they are first asked for.
const MessagesPanel = lazy(() => import("@/app/_components/shell/messages-panel"));
const EndWatch = lazy(() => import("@/app/_components/shell/end-watch"));

/** What was said in passing, to be read again. */
export function MessagesMenu() {
  const [isOpen, { toggle, close }] = useDisclosure(false, { onClose: markMessagesRead });
  const [tellsEnds] = useTellsEnds();
  const unread = useMessages().filter(({ isRead }) => !isRead).length;
  return (
    <>
      <Popover
        opened={isOpen}
        onChange={(opened) => !opened && close()}
        width={340}
        position="bottom-end"
        shadow="md"
        trapFocus
      >
        <Popover.Target>
          <Indicator disabled={unread === 0 || isOpen} size={9} offset={4} color="red">
            <ActionIcon
              variant="default"
              size={34}
              aria-label={unread > 0 ? `Messages, ${unread} unread` : "Messages"}
              onClick={toggle}
            >
              <IconBell size={18} aria-hidden />
            </ActionIcon>
          </Indicator>
        </Popover.Target>
        <Popover.Dropdown aria-label="Messages">
          <Suspense>{isOpen && <MessagesPanel />}</Suspense>
        </Popover.Dropdown>
      </Popover>
      {tellsEnds && (
        <Suspense>
          <EndWatch />
        </Suspense>
      )}
    </>
  );
}
