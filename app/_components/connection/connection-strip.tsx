"use client";

import { Alert, Button, Container, Group } from "@mantine/core";
import { IconWifiOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { type Connection, setOwnBuild, useConnection } from "@/app/_components/connection/connection";
import { reload } from "@/app/_components/connection/reload";

const TROUBLES: Record<NonNullable<Connection["trouble"]>, { title: string; reason: string }> = {
  offline: { title: "You are offline", reason: "It updates automatically when you are back online." },
  unreachable: { title: "The server can’t be reached", reason: "It updates automatically when the server is back." },
  silent: {
    title: "The server is slow to answer",
    reason: "The page that you asked for opens when the server answers. You can go on here.",
  },
};

/** Says above each page that it may be old and why, and that the app has a new version. `build` made this page. */
export function ConnectionStrip({ build }: { build: string }) {
  const { trouble, answeredAt, isOutdated } = useConnection();
  // The page alone holds a list that is being imported.
  const isList = usePathname() === "/submissions/list";
  const queryClient = useQueryClient();
  const wasInTrouble = useRef(false);

  useEffect(() => setOwnBuild(build), [build]);
  useEffect(() => {
    const isBack = wasInTrouble.current && trouble === null;
    wasInTrouble.current = trouble === "offline" || trouble === "unreachable";
    // News are heard again a little later; what failed meanwhile need not wait for that.
    if (isBack) void queryClient.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" });
  }, [trouble, queryClient]);

  const words = trouble && TROUBLES[trouble];
  return (
    <div role="status">
      {words && (
        <Container size="xl" pt="md">
          <Alert color="orange" icon={<IconWifiOff aria-hidden />} title={words.title} role="group">
            {trouble !== "silent" && `Your entries are kept. This page is shown as of ${timeOfDay(answeredAt)}. `}
            {words.reason}
          </Alert>
        </Container>
      )}
      {isOutdated && (
        <Container size="xl" pt="md">
          <Alert color="blue" title="A new version is available" role="group">
            <Group justify="space-between" gap="sm">
              <span>
                Reload this page to use it. {isList ? "Choose the list again then." : "What you typed is kept."}
              </span>
              <Button size="xs" variant="default" onClick={() => void reload()}>
                Reload
              </Button>
            </Group>
          </Alert>
        </Container>
      )}
    </div>
  );
}

/** `14:02`, in the browser's own zone. */
function timeOfDay(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
