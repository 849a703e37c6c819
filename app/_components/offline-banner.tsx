"use client";

import { Alert, Container } from "@mantine/core";
import { IconWifiOff } from "@tabler/icons-react";
import { onlineManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

const subscribe = (onChange: () => void) => onlineManager.subscribe(onChange);

/** Says that what is on the screen may be old; queries pause while the browser is offline, and go on by themselves. */
export function OfflineBanner() {
  const isOnline = useSyncExternalStore(
    subscribe,
    () => onlineManager.isOnline(),
    () => true,
  );
  return (
    <div role="status">
      {!isOnline && (
        <Container size="xl" pt="md">
          <Alert color="gray" icon={<IconWifiOff aria-hidden />} title="You are offline">
            This is what was last loaded. Results go on arriving meanwhile, and show up here when you are back.
          </Alert>
        </Container>
      )}
    </div>
  );
}
