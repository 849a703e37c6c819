"use client";

import { ActionIcon } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { latePart, PartBoundary } from "@/app/_components/actions/part-boundary";
import { Flyout } from "@/app/_components/flyout";
import { markMessagesRead, useMessages } from "@/app/_components/shell/messages";
import classes from "@/app/_components/shell/messages-menu.module.css";
import { useTellsEnds } from "@/app/_components/shell/use-tells-ends";

// Loaded when they are first asked for.
const MessagesPanel = latePart(() => import("@/app/_components/shell/messages-panel"));
const EndWatch = latePart(() => import("@/app/_components/shell/end-watch"));

/** What was said in passing, to be read again. */
export function MessagesMenu() {
  const [tellsEnds] = useTellsEnds();
  const unread = useMessages().filter(({ isRead }) => !isRead).length;
  return (
    <>
      <Flyout
        label="Messages"
        side="end"
        width={340}
        onToggle={(isOpen) => !isOpen && markMessagesRead()}
        button={(props, isOpen) => (
          <ActionIcon
            {...props}
            variant="default"
            size={34}
            aria-label={unread > 0 ? `Messages, ${unread} unread` : "Messages"}
          >
            <IconBell size={18} aria-hidden />
            {unread > 0 && !isOpen && <span className={classes.dot} />}
          </ActionIcon>
        )}
      >
        {() => (
          <PartBoundary>
            <MessagesPanel />
          </PartBoundary>
        )}
      </Flyout>
      {tellsEnds && (
        <PartBoundary>
          <EndWatch />
        </PartBoundary>
      )}
    </>
  );
}
