"use client";

import { Alert, Button, Checkbox, Group, Progress, Radio, Stack, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { ActionFailedError, type ActionFailure, attemptStep } from "@/app/_components/actions/attempt";
import { KEPT, takeEntries, toFormData } from "@/app/_components/connection/kept-entries";
import { counted, figure, money, span } from "@/app/_components/figures";
import { Section } from "@/app/_components/section";
import { say } from "@/app/_components/shell/messages";
import { KindOptions } from "@/app/submissions/_components/kind-options";
import { getDoubtfulList, setDoubtfulList } from "@/app/submissions/list/_components/doubtful-list";
import type { ListSummary } from "@/app/submissions/list/_components/list-messages";
import { uploadLeads } from "@/app/submissions/list/_components/upload-leads";
import type { OpenList } from "@/app/submissions/list/_components/use-list";
import { abandonList, beginList, confirmList, quoteList } from "@/app/submissions/list/actions";
import { emptyForm, readDraft } from "@/app/submissions/new/form-state";
import { submissionHref } from "@/app/submissions/submission-href";
import type { ListCounts } from "@/lib/lists/list-book";
import { TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { Quote } from "@/lib/submissions/submission-view";
import type { TaskInputErrors } from "@/lib/tasks/task-draft";

type Step =
  | { at: "options" }
  | { at: "upload"; done: number }
  | { at: "quote"; quote: Quote }
  | { at: "confirming"; quote: Quote };

/** How a list is sent. */
interface Choice {
  reuse: boolean;
  asFile: boolean;
}

/** What trying again means where an answer was lost. */
const REPEATS = {
  store: "Nothing was sent to Sixtyfour. Leads that were stored so far are kept. Try again.",
  confirm:
    "The list may have been submitted: the list of submissions shows it. Trying again is safe: a list that was submitted is opened and not submitted again, also where you change it.",
};

/** The page alone holds a list. */
const AFTER_RELOAD =
  "Nothing was sent to Sixtyfour. Reload the page and choose the list again: its kind and the options are kept.";

/** The leads of a long list get their places in its file before the answer. */
const CONFIRM_WITHIN_SECONDS = 90;

interface ConfirmListProps {
  kind: TaskKindId;
  list: OpenList;
  summary: ListSummary;
  counts: ListCounts;
}

/** The options of a list, its cost, and the one button that spends money. */
export function ConfirmList({ kind, list, summary, counts }: ConfirmListProps) {
  const router = useRouter();
  const [step, setStep] = useState<Step>({ at: "options" });
  const [problem, setProblem] = useState<string | null>(null);
  const [failure, setFailure] = useState<(ActionFailure & { repeat: string }) | null>(null);
  // Kept options take the place of the form's, which is then drawn again.
  const [{ draft, restored }, setDraft] = useState(() => ({ draft: emptyForm(kind, "").draft, restored: 0 }));
  const [errors, setErrors] = useState<TaskInputErrors>({});
  const [quotedVersion, setQuotedVersion] = useState(list.version);
  const form = useRef<HTMLFormElement>(null);
  const quotedOptions = useRef("");
  const cancelling = useRef(new AbortController());
  // Leaving the page, or choosing another kind, stops the upload.
  useEffect(() => () => cancelling.current.abort(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: options that were kept are for this form when it appears.
  useEffect(() => {
    const kept = form.current && takeEntries(form.current);
    const options = kept && readDraft(toFormData(kept));
    if (options?.kind === kind) setDraft({ draft: options, restored: 1 });
  }, []);
  // The quote is for the list as it was then.
  const isOutdated = step.at === "quote" && quotedVersion !== list.version;

  const show = (error: unknown, repeat: string) => {
    if (error instanceof ActionFailedError) setFailure({ ...error.outcome, repeat });
    else setProblem(messageOf(error));
  };

  const quote = async (options: FormData) => {
    quotedOptions.current = asText(options);
    setProblem(null);
    setFailure(null);
    setErrors({});
    setQuotedVersion(list.version);
    cancelling.current = new AbortController();
    const { signal } = cancelling.current;
    setStep({ at: "upload", done: 0 });
    try {
      if (await wasSubmitted(list.name)) return;
    } catch (error) {
      setStep({ at: "options" });
      return show(error, REPEATS.confirm);
    }
    try {
      const begun = await attemptStep(() => beginList({ form: options, name: list.name, columns: summary.columns }));
      if ("error" in begun) {
        setErrors(begun.errors ?? {});
        throw new Error(begun.error);
      }
      const { submissionId } = begun;
      const onProgress = (done: number) => setStep({ at: "upload", done });
      await uploadLeads({ submissionId, call: list.call, onProgress, signal });
      const quote = await attemptStep(() => quoteList(submissionId));
      if ("error" in quote) throw new Error(quote.error);
      signal.throwIfAborted();
      setStep({ at: "quote", quote });
    } catch (error) {
      setStep({ at: "options" });
      if (!signal.aborted) show(error, REPEATS.store);
    }
  };

  /** Goes to the list whose confirmation was not answered, where it was submitted. */
  const wasSubmitted = async (name: string): Promise<boolean> => {
    const doubtful = getDoubtfulList();
    if (!doubtful) return false;
    const answer = await attemptStep(() => abandonList(doubtful.submissionId));
    if ("error" in answer) throw new Error(answer.error);
    setDoubtfulList(null);
    if (!answer.isConfirmed) return false;
    if (doubtful.name !== name) {
      throw new Error(
        `“${doubtful.name || "From the clipboard"}” was submitted after all: the list of submissions shows it. Review the cost again to submit this list as well.`,
      );
    }
    say({
      title: "This list was already submitted",
      text: "Your first confirmation went through. What you changed since was not submitted.",
    });
    router.push(submissionHref(doubtful.submissionId));
    return true;
  };

  const confirm = async (given: Quote, choice: Choice) => {
    // Editors add and remove rows without an event of the form, so the options are compared with those of the quote.
    if (form.current && asText(new FormData(form.current)) !== quotedOptions.current) {
      setStep({ at: "options" });
      setProblem("The options have changed since. Review the cost again.");
      return;
    }
    setProblem(null);
    setFailure(null);
    setStep({ at: "confirming", quote: given });
    setDoubtfulList({ submissionId: given.submissionId, name: list.name });
    try {
      const refusal = await attemptStep(
        () => confirmList({ submissionId: given.submissionId, ...choice }),
        CONFIRM_WITHIN_SECONDS,
      );
      if (refusal) throw new Error(refusal.error);
      setDoubtfulList(null);
      router.push(submissionHref(given.submissionId));
    } catch (error) {
      // Pressing again is safe: a submission is confirmed once.
      setStep({ at: "quote", quote: given });
      show(error, REPEATS.confirm);
    }
  };

  const hasOptions = Object.keys((TASK_KINDS[kind] as TaskKind).options).length > 0;
  return (
    <Section title={hasOptions ? "Options and cost" : "Cost"}>
      <form
        {...KEPT}
        ref={form}
        noValidate
        aria-label="Options"
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          void quote(new FormData(event.currentTarget));
        }}
        onChange={() => step.at === "quote" && setStep({ at: "options" })}
      >
        <input type="hidden" name="kind" value={kind} />
        <Stack gap="lg">
          <KindOptions key={restored} kind={kind} draft={draft} errors={errors} />
          {(step.at === "options" || isOutdated) && (
            <Group>
              <Button type="submit" disabled={whyNotYet(list, counts) !== null}>
                Review cost
              </Button>
              <Text size="sm" c="dimmed">
                {whyNotYet(list, counts) ?? "Nothing is charged yet."}
              </Text>
            </Group>
          )}
        </Stack>
      </form>
      {step.at === "upload" && (
        <Stack gap="xs" mt="lg" role="status">
          <Text size="sm" className="tabular">
            {figure(step.done)} of {counted(counts.good, "lead")} stored
          </Text>
          <Progress value={(step.done / Math.max(1, counts.good)) * 100} aria-label="Leads stored" />
          <div>
            <Button variant="default" size="xs" onClick={() => cancelling.current.abort()}>
              Stop
            </Button>
          </div>
        </Stack>
      )}
      {(step.at === "quote" || step.at === "confirming") && !isOutdated && (
        <QuoteForm quote={step.quote} isConfirming={step.at === "confirming"} kind={kind} onConfirm={confirm} />
      )}
      <ActionFailureMessage of={failure} repeat={failure?.repeat} afterReload={AFTER_RELOAD} />
      {problem && (
        <Alert color="red" icon={<IconAlertCircle aria-hidden />} title="This did not go through" role="alert" mt="lg">
          {problem}
        </Alert>
      )}
    </Section>
  );
}

/** Returns what has to be done before the list can be submitted; null where nothing has. */
function whyNotYet(list: OpenList, counts: ListCounts): string | null {
  if (!list.mapping.some(Boolean)) return "Map the columns above first.";
  if (counts.bad > 0) return "Fix or skip the rows with errors first.";
  return counts.good === 0 ? "The list has no row to submit." : null;
}

function QuoteForm({
  quote,
  kind,
  isConfirming,
  onConfirm,
}: {
  quote: Quote;
  kind: TaskKindId;
  isConfirming: boolean;
  onConfirm: (quote: Quote, choice: Choice) => void;
}) {
  const [reuse, setReuse] = useState(quote.known > 0);
  const which = reuse ? "reusing" : "fresh";
  const count = quote.leads - (reuse ? quote.known : 0);
  const [way, setWay] = useState<"requests" | "file">("requests");
  const asFile = way === "file" && quote.asFile && count > 1;
  const saved = quote.cents && quote.cents.fresh - quote.cents.reusing;
  return (
    <Stack gap="sm" mt="lg" role="region" aria-label="Cost estimate">
      {quote.known > 0 && (
        <Checkbox
          checked={reuse}
          onChange={({ currentTarget }) => setReuse(currentTarget.checked)}
          label={`Reuse existing results for ${figure(quote.known)} of ${counted(quote.leads, "lead")}${saved ? ` (saves about ${money(saved)})` : ""}`}
          description="Same lead and options, enriched in the last 30 days."
        />
      )}
      {quote.asFile && count > 1 && (
        <Radio.Group value={way} onChange={(value) => setWay(value as typeof way)} label="Submission method">
          <Stack gap="xs" mt={6}>
            <Radio
              value="requests"
              label={`In ${counted(quote.requests[which], "request")}`}
              description="Results arrive individually, and failures can be retried one by one."
            />
            <Radio
              value="file"
              label="As one file"
              description="One request for all leads. All results arrive together when the last one is ready."
            />
          </Stack>
        </Radio.Group>
      )}
      <Text size="sm" className="tabular">
        {sendingWords(quote, { count, which, asFile })} {count > 1 && obstacleWords(quote, kind)}
      </Text>
      <Text size="sm" className="tabular">
        {count === 0 ? `${money(0)}. Nothing is sent or charged.` : `${costWords(quote, which)} ${balanceWords(quote)}`}
      </Text>
      {count > 0 && <BalanceWarning quote={quote} cents={quote.cents?.[which] ?? 0} />}
      <div>
        <Button onClick={() => onConfirm(quote, { reuse, asFile })} loading={isConfirming}>
          {count === 0 ? `Use ${counted(quote.leads, "existing result")}` : `Submit ${counted(quote.leads, "lead")}`}
        </Button>
      </div>
    </Stack>
  );
}

function sendingWords(
  quote: Quote,
  { count, which, asFile }: { count: number; which: "reusing" | "fresh"; asFile: boolean },
): string {
  if (count === 0) return "Every lead has an existing result.";
  const time = `A result usually takes ${quote.typicalTime}.`;
  if (asFile) return `${counted(count, "lead")} in one file to Sixtyfour. ${time}`;
  return `${counted(count, "lead")} in ${counted(quote.requests[which], "request")} to Sixtyfour. Sending takes ${span(quote.sendingSeconds[which])}. ${time}`;
}

/** The reason why the list is not offered as a file. Most kinds take none, which goes without saying. */
function obstacleWords({ fileObstacle }: Quote, kind: TaskKindId): string | null {
  if (fileObstacle === "size") return "The list is too large to be sent as one file.";
  if (fileObstacle !== "tier") return null;
  const tiers = (TASK_KINDS[kind] as TaskKind).file?.tiers ?? [];
  return `It can’t be sent as one file: Sixtyfour takes files at the tiers ${tiers.join(", ")} only.`;
}

function costWords({ cents, centsPerLead, priceSource }: Quote, which: "reusing" | "fresh"): string {
  if (cents === null || centsPerLead === null) return "Sixtyfour reports the cost when each task completes.";
  const about = `About ${money(cents[which])}`;
  if (priceSource === "published") return `${about} at Sixtyfour’s published price of ${money(centsPerLead)} a lead.`;
  return `${about}, based on recent leads of this kind.`;
}

function balanceWords({ credits, balanceCents }: Quote): string {
  if (credits === null) return "";
  const balance = balanceCents === null ? counted(credits, "credit") : `about ${money(balanceCents)}`;
  return `The balance at Sixtyfour is ${balance}.`;
}

function BalanceWarning({ quote: { credits, balanceCents }, cents }: { quote: Quote; cents: number }) {
  const isEmpty = credits !== null && credits <= 0;
  const isShort = balanceCents !== null && cents > balanceCents;
  if (!isEmpty && !isShort) return null;
  return (
    <Alert
      color="orange"
      icon={<IconAlertCircle aria-hidden />}
      title={isEmpty ? "No credits are left" : "The balance does not cover this list"}
    >
      {isEmpty
        ? "The list pauses at its first lead until credits are added at Sixtyfour."
        : "The list pauses when the credits are used up, until more are added at Sixtyfour."}
    </Alert>
  );
}

/** The content of a form as text, to be compared. */
function asText(form: FormData): string {
  return JSON.stringify([...form]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong. Nothing was sent; try again.";
}
