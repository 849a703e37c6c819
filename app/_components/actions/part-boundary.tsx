"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { Component, type ReactNode, Suspense } from "react";
import classes from "@/app/_components/actions/part-boundary.module.css";
import { reload } from "@/app/_components/connection/reload";

/**
 * Around a part of the page that is loaded when it is first used. Its code may be gone, where the app was deployed since, or
 * out of reach: then this says so, and the page stays.
 */
export class PartBoundary extends Component<{ children: ReactNode }, { isMissing: boolean }> {
  override state = { isMissing: false };

  static getDerivedStateFromError(): { isMissing: boolean } {
    return { isMissing: true };
  }

  override render(): ReactNode {
    return this.state.isMissing ? <PartMissing /> : <Suspense>{this.props.children}</Suspense>;
  }
}

function PartMissing() {
  return (
    <Alert color="orange" role="alert" title="This part of the page could not be loaded" className={classes.missing}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          Either a new version is available or the connection was lost. Reload the page: your entries are kept.
        </Text>
        <Button size="xs" variant="default" onClick={() => void reload()}>
          Reload
        </Button>
      </Stack>
    </Alert>
  );
}
