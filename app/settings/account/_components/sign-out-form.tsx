"use client";

import { Button } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { endSession } from "@/app/sign-in/actions";

/** Signs out here. What this tab keeps for the person is for nobody after them. */
export function SignOutForm() {
  const { failure, isPending, form } = useFormAction(endSession, null);
  return (
    <form
      {...form}
      onSubmit={(event) => {
        sessionStorage.clear();
        form.onSubmit(event);
      }}
    >
      <Button type="submit" size="xs" variant="default" loading={isPending}>
        Sign out here
      </Button>
      <ActionFailureMessage of={failure} />
    </form>
  );
}
