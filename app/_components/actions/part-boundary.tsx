"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { Component, lazy, type ReactNode, Suspense } from "react";
import classes from "@/app/_components/actions/part-boundary.module.css";
import { untilReachable } from "@/app/_components/connection/connection";
import { reload } from "@/app/_components/connection/reload";

/** The code of a part could not be loaded although the server can be reached: the app was deployed since. */
class MissingPartError extends Error {}

/**
 * As React's `lazy`, for a part of the page within a {@link PartBoundary}. Code that could not be loaded is asked for again once
 * the server can be reached.
 */
export const latePart: typeof lazy = (load) =>
  lazy(() =>
    load()
      .catch(() => untilReachable().then(load))
      .catch((cause) => {
        throw new MissingPartError("The code of a part is missing.", { cause });
      }),
  );

interface BoundaryState {
  error: unknown;
  isClosed: boolean;
}

/** Around late parts: says where the code of one is missing, and leaves the page as it is. Other errors are the page's. */
export class PartBoundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null, isClosed: false };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error, isClosed: false };
  }

  override componentDidUpdate({ children }: { children: ReactNode }): void {
    // Whoever asks for the part once more is told once more.
    if (this.state.isClosed && children !== this.props.children) this.setState({ error: null, isClosed: false });
  }

  override render(): ReactNode {
    const { error, isClosed } = this.state;
    if (error === null) return <Suspense>{this.props.children}</Suspense>;
    if (!(error instanceof MissingPartError)) throw error;
    return isClosed ? null : <PartMissing onClose={() => this.setState({ isClosed: true })} />;
  }
}

function PartMissing({ onClose }: { onClose: () => void }) {
  return (
    <Alert
      color="orange"
      role="alert"
      title="This part of the page could not be loaded"
      className={classes.missing}
      withCloseButton
      closeButtonLabel="Close"
      onClose={onClose}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">A new version is probably available: reload the page.</Text>
        <Button size="xs" variant="default" onClick={() => void reload()}>
          Reload
        </Button>
      </Stack>
    </Alert>
  );
}
