"use client";

import { Button, Group, ScrollArea, Stack, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { forgetMessages, useMessages } from "@/app/_components/shell/messages";
import classes from "@/app/_components/shell/messages-panel.module.css";
import { useTellsEnds } from "@/app/_components/shell/use-tells-ends";
import { Time } from "@/app/_components/time";

/** The messages, and whether the browser may tell of ends as well. */
export default function MessagesPanel() {
  const messages = useMessages();
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text fw={600} size="sm">
          Messages
        </Text>
        {messages.length > 0 && (
          <Button variant="subtle" size="compact-xs" onClick={forgetMessages}>
            Clear
          </Button>
        )}
      </Group>
      {messages.length === 0 ? (
        <Text size="sm" c="dimmed">
          What is said in a corner of the page can be read again here.
        </Text>
      ) : (
        <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, "aria-label": "Messages" }}>
          <ol className={classes.messages}>
            {messages.map(({ id, at, title, text, tone, isRead }) => (
              <li key={id} data-tone={tone} data-unread={!isRead || undefined}>
                {title && (
                  <Text size="sm" fw={500} className="break-anywhere">
                    {title}
                  </Text>
                )}
                <Text size="sm" className="break-anywhere">
                  {text}
                </Text>
                <Text size="xs" c="dimmed" component="div">
                  <Time iso={at} />
                </Text>
              </li>
            ))}
          </ol>
        </ScrollArea.Autosize>
      )}
      <TellEnds />
    </Stack>
  );
}

/** The browser asks whether it may, and remembers a no: then only its own settings can change it. */
function TellEnds() {
  const [tellsEnds, setTellsEnds] = useTellsEnds();
  const [problem, setProblem] = useState<string | null>(null);
  const choose = async (wanted: boolean) => {
    setProblem(null);
    if (!wanted) return setTellsEnds(false);
    if (typeof Notification === "undefined") return setProblem("This browser has no notifications.");
    if ((await Notification.requestPermission()) === "granted") return setTellsEnds(true);
    setProblem("The browser does not allow notifications of this page. Its settings for this site can change that.");
  };
  return (
    <Switch
      label="Tell me when submissions end"
      description="By a notification of the browser, also while you are in another tab."
      checked={tellsEnds}
      onChange={({ currentTarget }) => void choose(currentTarget.checked)}
      error={problem}
    />
  );
}
