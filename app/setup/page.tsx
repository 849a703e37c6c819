import { Button, Group, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { requirePage } from "@/app/access";
import { PointList } from "@/app/setup/_components/point-list";
import { Preflight } from "@/app/setup/_components/preflight";
import { Summary } from "@/app/setup/_components/summary";
import { toPreflightView } from "@/app/setup/preflight-view";
import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { readKeepAliveMs } from "@/lib/keep-alive";
import { requestWay } from "@/lib/request-origin";
import { getSetup } from "@/lib/setup/get";
import { SETUP_GROUPS, type SetupGroup } from "@/lib/setup/setup-point";

export const metadata: Metadata = { title: "Setup" };

const GROUP_TITLES: Record<SetupGroup, string> = {
  sixtyfour: "Sixtyfour",
  webhooks: "Webhooks",
  database: "Database",
  access: "Access",
  operation: "Operation",
  checklist: "Sixtyfour’s checklist for production",
};

/** Whether this app is fit for production, point by point. It asks anew on each look, and shows whatever is down. */
export default async function SetupPage() {
  await requirePage("admin");
  const context = appContext();
  const surroundings = env();
  const { points, preflight } = await getSetup(context, {
    ...surroundings,
    way: requestWay(await headers(), { ...surroundings, keepAliveMs: readKeepAliveMs() ?? surroundings.keepAliveMs }),
  });
  const canRun = context.webhook.target.url !== null;
  const more = { preflight: <Preflight last={preflight && toPreflightView(preflight)} canRun={canRun} /> };
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <Title order={1} size="h2">
            Setup
          </Title>
          <Text c="dimmed">What has to be right for this app to run in production, as it stands now.</Text>
        </div>
        {/* A plain link, which asks anew in any case; one of the router's may show what it has. */}
        <Button component="a" href="/setup" variant="default">
          Check again
        </Button>
      </Group>
      <Summary points={points} isSandbox={surroundings.sixtyfour.isSandbox} />
      {SETUP_GROUPS.map((group) => {
        const ofGroup = points.filter((point) => point.group === group);
        if (ofGroup.length === 0) return null;
        return <PointList key={group} title={GROUP_TITLES[group]} points={ofGroup} more={more} />;
      })}
    </Stack>
  );
}
