import { Code, List } from "@mantine/core";
import { CopyButton } from "@/app/_components/copy-button";
import { AnchorLink } from "@/app/_components/links";
import { Section } from "@/app/_components/section";
import { ExactTime } from "@/app/_components/time";
import { leadTitle } from "@/app/tasks/_components/lead-title";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { taskHref } from "@/app/tasks/task-href";
import type { DeliveryDetail } from "@/lib/deliveries/delivery-view";
import { flagWords, moreWords, signatureWords, sizeWords, tokenWords } from "@/lib/deliveries/delivery-words";

/** How a delivery came, and how it was answered. */
export function DeliveryFacts({ delivery }: { delivery: DeliveryDetail }) {
  const { sixtyfourTaskId, task, flags } = delivery;
  return (
    <Section title="Delivery">
      <dl className={classes.terms}>
        <dt>Received</dt>
        <dd>
          <ExactTime iso={delivery.receivedAt} />
        </dd>
        <dt>Task</dt>
        <dd>{task ? <AnchorLink href={taskHref(task.id)}>{leadTitle(task).title}</AnchorLink> : "None"}</dd>
        {sixtyfourTaskId && (
          <>
            <dt>task_id</dt>
            <dd>
              <span className={classes.inline}>
                <Code className="break-anywhere">{sixtyfourTaskId}</Code>
                <CopyButton value={sixtyfourTaskId} label="Copy task_id" />
              </span>
            </dd>
          </>
        )}
        <dt>Event id</dt>
        <dd>{delivery.eventId || "None"}</dd>
        <dt>Event type</dt>
        <dd>{delivery.eventType || "None"}</dd>
        <dt>Attempt</dt>
        <dd className="tabular">{delivery.attempt ?? "Not said"}</dd>
        <dt>Status</dt>
        <dd>{delivery.status ?? "Not read"}</dd>
        <dt>Signature</dt>
        <dd>{signatureWords(delivery)}</dd>
        <dt>Token</dt>
        <dd>{tokenWords(delivery.token)}</dd>
        {delivery.notKept > 0 && (
          <>
            <dt>Not kept</dt>
            <dd>{moreWords(delivery.notKept)}</dd>
          </>
        )}
        <dt>Flags</dt>
        <dd>
          {flags.length === 0 ? (
            "None"
          ) : (
            <List size="sm" spacing={4} withPadding={false}>
              {flags.map((flag) => (
                <List.Item key={flag}>{flagWords(flag)}</List.Item>
              ))}
            </List>
          )}
        </dd>
        <dt>Answer</dt>
        <dd className="tabular">
          {delivery.answer}
          {delivery.handledMs !== null && `, after ${delivery.handledMs} ms`}
        </dd>
        <dt>Size</dt>
        <dd className="tabular">{delivery.bodyBytes === null ? "Not known" : sizeWords(delivery.bodyBytes)}</dd>
      </dl>
    </Section>
  );
}
