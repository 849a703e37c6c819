import { type AlarmState, alarmWords } from "@/lib/alarms/alarm-words";
import type { AlarmCounts, AlarmKind } from "@/lib/alarms/find-causes";
import type { Context } from "@/lib/context";
import { log } from "@/lib/log";
import { isPrivateAddressError, publicFetch } from "@/lib/public-fetch";
import { readNetworkError } from "@/lib/sixtyfour/network-error";

const TIMEOUT_IN_MS = 5_000;

export interface Alert {
  kind: AlarmKind;
  state: AlarmState;
  counts: AlarmCounts;
  raisedAt: Date;
  resolvedAt: Date | null;
}

export type AlertChannel = "webhook" | "slack";

/** Who is to be told. */
export function channelsOf({ alerts }: Pick<Context, "alerts">): AlertChannel[] {
  return [...(alerts.webhookUrl ? (["webhook"] as const) : []), ...(alerts.slackUrl ? (["slack"] as const) : [])];
}

/**
 * Sends one alert to one channel.
 *
 * @returns whether it was taken; the log has why not, without the address, which is a secret of its own
 */
export async function sendAlert(
  { alerts }: Pick<Context, "alerts">,
  channel: AlertChannel,
  alert: Alert,
): Promise<boolean> {
  const { kind, state, counts, raisedAt, resolvedAt } = alert;
  const words = alarmWords(kind, state, counts, alerts.appUrl);
  const body =
    channel === "slack"
      ? { text: forSlack(words.text) }
      : { alarm: kind, state, ...words, counts, raisedAt, resolvedAt };
  const failed = (reason: string) => log.error("alert_not_sent", reason, { alarm: kind, state, channel });
  try {
    const url = (channel === "slack" ? alerts.slackUrl : alerts.webhookUrl) ?? "";
    const request = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_IN_MS),
    } as const;
    const response = await publicFetch(url, request, { allowPrivateAddresses: alerts.allowPrivateAddresses });
    await response.body?.cancel();
    if (!response.ok) failed(`answered ${response.status}`);
    return response.ok;
  } catch (error) {
    failed(isPrivateAddressError(error) ? "private address: see ALLOW_PRIVATE_ADDRESSES" : readNetworkError(error));
    return false;
  }
}

/** Slack reads three characters as marks of its own. */
function forSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
