"use client";

import { Alert, Button, Checkbox, Group, Progress, Radio, Stack, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { counted, figure, money, span } from "@/app/_components/figures";
import { Section } from "@/app/_components/section";
import { KindOptions } from "@/app/submissions/_components/kind-options";
import type { ListSummary } from "@/app/submissions/list/_components/list-messages";
import { uploadLeads } from "@/app/submissions/list/_components/upload-leads";
import type { OpenList } from "@/app/submissions/list/_components/use-list";
import { beginList, confirmList, quoteList } from "@/app/submissions/list/actions";
import { emptyForm } from "@/app/submissions/new/form-state";
import { submissionHref } from "@/app/submissions/submission-href";
import type { ListCounts } from "@/lib/lists/list-book";
import { TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { Quote } from "@/lib/submissions/submission-view";
import type { TaskInputErrors } from "@/lib/tasks/task-input";

type Step =
  | { at: "options" }
  | { at: "upload"; done: number }
  | { at: "quote"; quote: Quote }
  | { at: "confirming"; quote: Quote };

/** How a list is to go out. */
interface Choice {
  reuse: boolean;
  asFile: boolean;
}

interface ConfirmListProps {
  kind: TaskKindId;
  list: OpenList;
  summary: ListSummary;
  counts: ListCounts;
}

/** The options, what it all comes to, and the one press that spends money. */
export function ConfirmList({ kind, list, summary, counts }: ConfirmListProps) {
  const router = useRouter();
  const [step, setStep] = useState<Step>({ at: "options" });
  const [problem, setProblem] = useState<string | null>(null);
  const [errors, setErrors] = useState<TaskInputErrors>({});
  const [quotedVersion, setQuotedVersion] = useState(list.version);
  const form = useRef<HTMLFormElement>(null);
  const quotedOptions = useRef("");
  const cancelling = useRef(new AbortController());
  // Whoever goes elsewhere, or turns to another kind, wants nothing more stored.
  useEffect(() => () => cancelling.current.abort(), []);
  // What was quoted is the list as it was then.
  const isOutdated = step.at === "quote" && quotedVersion !== list.version;

  const quote = async (options: FormData) => {
    quotedOptions.current = asText(options);
    setProblem(null);
    setErrors({});
    setQuotedVersion(list.version);
    cancelling.current = new AbortController();
    const { signal } = cancelling.current;
    setStep({ at: "upload", done: 0 });
    try {
      const begun = await beginList(options, { name: list.name, columns: summary.columns });
      if ("error" in begun) {
        setErrors(begun.errors ?? {});
        throw new Error(begun.error);
      }
      const { submissionId } = begun.ok;
      const onProgress = (done: number) => setStep({ at: "upload", done });
      await uploadLeads({ submissionId, call: list.call, onProgress, signal });
      const answer = await quoteList(submissionId);
      if ("error" in answer) throw new Error(answer.error);
      signal.throwIfAborted();
      setStep({ at: "quote", quote: answer.ok });
    } catch (error) {
      setStep({ at: "options" });
      if (!signal.aborted) setProblem(messageOf(error));
    }
  };

  const confirm = async (given: Quote, choice: Choice) => {
    // Rows of an editor come and go without an event of the form; what is sent is what was chosen when it was quoted.
    if (form.current && asText(new FormData(form.current)) !== quotedOptions.current) {
      setStep({ at: "options" });
      setProblem("The options have changed since. Look once more at what it comes to.");
      return;
    }
    setProblem(null);
    setStep({ at: "confirming", quote: given });
    try {
      const answer = await confirmList({ submissionId: given.submissionId, ...choice });
      if ("error" in answer) throw new Error(answer.error);
      router.push(submissionHref(given.submissionId));
    } catch (error) {
      // Pressing again is safe: a submission is confirmed once.
      setStep({ at: "quote", quote: given });
      setProblem(messageOf(error));
    }
  };

  const hasOptions = Object.keys((TASK_KINDS[kind] as TaskKind).options).length > 0;
  return (
    <Section title={hasOptions ? "Options and cost" : "Cost"}>
      <form
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
          <KindOptions kind={kind} draft={emptyForm(kind, "").draft} errors={errors} />
          {(step.at === "options" || isOutdated) && (
            <Group>
              <Button type="submit" disabled={whyNotYet(list, counts) !== null}>
                See what it comes to
              </Button>
              <Text size="sm" c="dimmed">
                {whyNotYet(list, counts) ?? "Nothing is spent by this."}
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
      {problem && (
        <Alert color="red" icon={<IconAlertCircle aria-hidden />} title="This did not go through" role="alert" mt="lg">
          {problem}
        </Alert>
      )}
    </Section>
  );
}

/** What is to be done before the list can be submitted; null where it can. */
function whyNotYet(list: OpenList, counts: ListCounts): string | null {
  if (!list.mapping.some(Boolean)) return "Choose above what the columns are.";
  if (counts.bad > 0) return "Mend the rows above first, or leave them out.";
  return counts.good === 0 ? "There is no row to submit." : null;
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
    <Stack gap="sm" mt="lg" role="region" aria-label="What it comes to">
      {quote.known > 0 && (
        <Checkbox
          checked={reuse}
          onChange={({ currentTarget }) => setReuse(currentTarget.checked)}
          label={`Reuse the results of ${figure(quote.known)} of ${counted(quote.leads, "lead")} that are known already${saved ? `: saves about ${money(saved)}` : ""}`}
          description="The same was asked, with the same options, within the last 30 days."
        />
      )}
      {quote.asFile && count > 1 && (
        <Radio.Group value={way} onChange={(value) => setWay(value as typeof way)} label="How they go out">
          <Stack gap="xs" mt={6}>
            <Radio
              value="requests"
              label={`In ${counted(quote.requests[which], "request")}`}
              description="Each result comes as soon as it is there, and what fails can be retried by itself."
            />
            <Radio
              value="file"
              label="As one file"
              description="One request for all of them. The results come together, when the last one is there."
            />
          </Stack>
        </Radio.Group>
      )}
      <Text size="sm" className="tabular">
        {sendingWords(quote, { count, which, asFile, kind })}
      </Text>
      <Text size="sm" className="tabular">
        {quote.cents && quote.centsPerLead !== null
          ? `About ${money(quote.cents[which])}, going by what leads of this kind have cost lately.`
          : "What it costs is not known beforehand: Sixtyfour says so when each job has ended."}{" "}
        {quote.credits !== null && `The balance at Sixtyfour is ${counted(quote.credits, "credit")}.`}
      </Text>
      {quote.credits !== null && quote.credits <= 0 && (
        <Alert color="orange" icon={<IconAlertCircle aria-hidden />} title="There are no credits left">
          The list will pause at its first lead until credits are added.
        </Alert>
      )}
      <div>
        <Button onClick={() => onConfirm(quote, { reuse, asFile })} loading={isConfirming}>
          Submit {counted(quote.leads, "lead")}
        </Button>
      </div>
    </Stack>
  );
}

function sendingWords(
  quote: Quote,
  given: { count: number; which: "reusing" | "fresh"; asFile: boolean; kind: TaskKindId },
): string {
  const { count, which, asFile, kind } = given;
  if (count === 0) return "Nothing is sent: every result is known.";
  if (asFile) return `${counted(count, "lead")} in one file to Sixtyfour.`;
  return `${counted(count, "lead")} in ${counted(quote.requests[which], "request")} to Sixtyfour. Sending takes ${span(quote.sendingSeconds[which])}; a result usually takes ${TASK_KINDS[kind].typicalTime}.`;
}

/** What stands in a form, to be compared. */
function asText(form: FormData): string {
  return JSON.stringify([...form]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong. Nothing was sent; try again.";
}
