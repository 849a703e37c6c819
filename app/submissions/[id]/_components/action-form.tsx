"use client";

import { Button, type ButtonProps, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useActionState, useEffect } from "react";
import type { SubmissionActionState } from "@/app/submissions/actions";
import { submissionKeys } from "@/app/submissions/queries";

interface ActionFormProps {
  action: (previous: SubmissionActionState, form: FormData) => Promise<SubmissionActionState>;
  submissionId: string;
  label: string;
  button?: ButtonProps;
  /** More inputs, above the button. */
  children?: ReactNode;
}

/** A button that does something to a submission. A form, so that it works before JavaScript has loaded. */
export function ActionForm({ action, submissionId, label, button, children }: ActionFormProps) {
  const [state, submit, isPending] = useActionState(action, null);
  const queryClient = useQueryClient();

  useEffect(() => {
    // The action ends in an error or on this page; either way the submission is not what it was.
    if (!isPending) void queryClient.invalidateQueries({ queryKey: submissionKeys.all });
  }, [isPending, queryClient]);

  return (
    <form action={submit}>
      <input type="hidden" name="submissionId" value={submissionId} />
      <Stack gap="sm" align="flex-start">
        {children}
        <Button type="submit" size="xs" variant="default" {...button} loading={isPending}>
          {label}
        </Button>
        {state && (
          <Text size="sm" role="alert">
            {state.error}
          </Text>
        )}
      </Stack>
    </form>
  );
}
