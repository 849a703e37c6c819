"use client";

import { Button, Text } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { AnchorLink } from "@/app/_components/links";
import { Time } from "@/app/_components/time";
import { deliveryHref } from "@/app/deliveries/delivery-href";
import classes from "@/app/setup/_components/setup.module.css";
import { WithCode } from "@/app/setup/_components/with-code";
import { preflight } from "@/app/setup/actions";
import type { PreflightView } from "@/app/setup/preflight-view";

/** Runs the preflight, and shows what was sent and what came back. A form, so that it works before JavaScript has loaded. */
export function Preflight({ last, canRun }: { last: PreflightView | null; canRun: boolean }) {
  const { state, failure, isPending, form } = useFormAction(preflight, null);
  const shown = state && "sent" in state ? state : last;
  return (
    <>
      {canRun && (
        <form {...form}>
          <Button type="submit" size="xs" loading={isPending}>
            Run the preflight
          </Button>
          <ActionFailureMessage of={failure} />
        </form>
      )}
      {state && "error" in state && (
        <Text size="sm" role="alert">
          {state.error}
        </Text>
      )}
      <div role="status" aria-label="Last preflight">
        {shown && <Result view={shown} isTold={shown.ranAt === last?.ranAt} />}
      </div>
    </>
  );
}

/** `isTold`: the checklist itself says what it comes to. It does not where the result could not be kept. */
function Result({ view, isTold }: { view: PreflightView; isTold: boolean }) {
  return (
    <>
      {!isTold && (
        <Text size="sm" mb="xs">
          <WithCode>{`${view.finding} ${view.mend ?? ""}`}</WithCode>
        </Text>
      )}
      <dl className={classes.facts}>
        <dt>Last run</dt>
        <dd>
          <Time iso={view.ranAt} />
        </dd>
        <dt>Sent</dt>
        <dd>{view.sent}</dd>
        <dt>Came back</dt>
        <dd>{view.came}</dd>
        <dt>Arrived</dt>
        <dd>
          {view.log}{" "}
          {view.deliveryId && (
            <AnchorLink href={deliveryHref(view.deliveryId)} inherit>
              See the delivery
            </AnchorLink>
          )}
        </dd>
      </dl>
    </>
  );
}
