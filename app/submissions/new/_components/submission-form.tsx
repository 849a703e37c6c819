"use client";

import { Alert, Button, Group, Paper, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { takeEntries, toFormData } from "@/app/_components/connection/kept-entries";
import { AnchorLink } from "@/app/_components/links";
import { FormGroup } from "@/app/submissions/_components/form-group";
import { KindOptions } from "@/app/submissions/_components/kind-options";
import { PriceNote } from "@/app/submissions/_components/price-note";
import { submitForm } from "@/app/submissions/new/actions";
import { readDraft, type SubmissionFormState } from "@/app/submissions/new/form-state";
import { taskHref } from "@/app/tasks/task-href";
import type { LeadField } from "@/lib/sixtyfour/lead-fields";
import { TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { EarlierInvestigation } from "@/lib/sixtyfour/task-options";

/** Input mode of each type of field: its keyboard on a phone. The app checks the values itself, so that errors look alike. */
const INPUT_MODES = {
  text: "text",
  email: "email",
  phone: "tel",
  linkedin: "url",
  domain: "url",
  website: "url",
} as const;

/** What a second press means where the answer to the first was lost. */
const SUBMIT_AGAIN =
  "The lead may have been submitted: the list of tasks shows it. Pressing Submit again without changes is safe. Changed entries are submitted and charged as another lead.";

/** The form of one kind. A plain form with a server action: it works before, and without, JavaScript. */
export function SubmissionForm({
  kind,
  initial,
  investigations,
}: {
  kind: TaskKindId;
  initial: SubmissionFormState;
  investigations?: EarlierInvestigation[] | undefined;
}) {
  /** The entries from before the page was loaded again; answers of the action come after them. */
  const [kept, setKept] = useState<SubmissionFormState | null>(null);
  const restore = (element: HTMLFormElement) => {
    const entries = takeEntries(element);
    if (!entries) return;
    const typed = toFormData(entries);
    const formKey = String(typed.get("formKey") ?? initial.formKey);
    setKept({ ...initial, draft: readDraft(typed), formKey });
  };
  const { state: answered, failure, isPending, form } = useFormAction(submitForm, null, { restore });
  const state = answered ?? kept ?? initial;
  const { label, ...entry }: TaskKind = TASK_KINDS[kind];
  const { draft, errors, problem, answerId } = state;
  const fields = [
    // Fields that only lists have stay with a lead that came from one.
    ...entry.fields.filter(({ isForLists, name }) => !isForLists || initial.draft.lead[name]),
    ...(entry.open ? furtherFields(entry.fields, initial.draft.lead) : []),
  ];
  useEffect(() => {
    if (!answerId) return;
    const target = form.ref.current?.querySelector<HTMLElement>("[aria-invalid='true'], [data-problem]");
    target?.focus();
  }, [answerId, form.ref]);

  return (
    <Paper withBorder p={{ base: "md", sm: "xl" }}>
      <form {...form} noValidate aria-label={label}>
        <input type="hidden" name="kind" value={kind} />
        <input type="hidden" name="formKey" value={state.formKey} />
        {state.basedOnLeadId && <input type="hidden" name="basedOnLeadId" value={state.basedOnLeadId} />}
        {/* Rendered again after each try: React empties a form after its action, and what was typed must stay. */}
        <Stack gap="xl" key={`${answerId} ${state === kept}`}>
          {problem && <Problem problem={problem} />}
          <FormGroup
            legend="Lead"
            hint={
              entry.lookedUpBy ? `Enter the ${entry.lookedUpBy} to look up.` : "Fill in at least one identifying field."
            }
          >
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
              {fields.map((field, index) => (
                <LeadInput
                  key={field.name}
                  field={field}
                  value={draft.lead[field.name]}
                  error={errors[`lead.${field.name}`] ?? (index === 0 ? errors.lead : undefined)}
                />
              ))}
            </SimpleGrid>
          </FormGroup>

          <KindOptions kind={kind} draft={draft} errors={errors} investigations={investigations} />

          <ActionFailureMessage of={failure} repeat={SUBMIT_AGAIN} />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              <PriceNote kind={kind} />
            </Text>
            <Button type="submit" loading={isPending}>
              Submit
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function furtherFields(known: readonly LeadField[], lead: Record<string, string>): LeadField[] {
  const names = Object.keys(lead).filter((name) => !known.some((field) => field.name === name));
  return names.map((name) => ({ name, label: name, placeholder: "", type: "text", identifies: false, alsoCalled: [] }));
}

function LeadInput({
  field,
  value,
  error,
}: {
  field: LeadField;
  value?: string | undefined;
  error?: string | undefined;
}) {
  return (
    <TextInput
      name={`lead.${field.name}`}
      label={field.label}
      placeholder={field.placeholder}
      defaultValue={value}
      error={error}
      inputMode={INPUT_MODES[field.type]}
      // A lead is somebody else, so the browser must not offer the name of its user.
      autoComplete="off"
      maxLength={500}
    />
  );
}

function Problem({ problem }: { problem: NonNullable<SubmissionFormState["problem"]> }) {
  return (
    <Alert
      color="red"
      icon={<IconAlertCircle aria-hidden />}
      title={problem.title}
      role="alert"
      tabIndex={-1}
      data-problem
    >
      {problem.detail}{" "}
      {problem.taskId && (
        <AnchorLink href={taskHref(problem.taskId)} inherit>
          See what was sent
        </AnchorLink>
      )}
    </Alert>
  );
}
