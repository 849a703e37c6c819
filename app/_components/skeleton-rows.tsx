import { Group, Paper, Skeleton, Stack } from "@mantine/core";

/** Stands where a list will, while its first page is on its way. `label` says so to assistive technology. */
export function SkeletonRows({ label }: { label: string }) {
  return (
    <Paper withBorder role="status" aria-label={label}>
      {[0, 1, 2, 3, 4].map((row) => (
        <Group key={row} px="md" h={64} gap="xl" wrap="nowrap">
          <Stack gap={6} style={{ flex: 2 }}>
            <Skeleton height={12} width="60%" />
            <Skeleton height={10} width="40%" />
          </Stack>
          <Skeleton height={12} style={{ flex: 1 }} visibleFrom="sm" />
          <Skeleton height={20} width={90} radius="xl" />
          <Skeleton height={12} style={{ flex: 2 }} visibleFrom="sm" />
          <Skeleton height={12} style={{ flex: 1 }} visibleFrom="sm" />
        </Group>
      ))}
    </Paper>
  );
}
