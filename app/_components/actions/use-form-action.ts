"use client";

import { type FormEvent, type RefObject, useActionState, useEffect, useRef, useState, useTransition } from "react";
import { requestFormReset } from "react-dom";
import { type ActionFailure, attempt } from "@/app/_components/actions/attempt";
import { KEPT, restoreEntries } from "@/app/_components/connection/kept-entries";

interface FormAction<State> {
  state: State;
  /** Set where the action gave no answer; everything in the form is as it was. */
  failure: ActionFailure | null;
  isPending: boolean;
  form: typeof KEPT & {
    action: (form: FormData) => void;
    onSubmit: (event: FormEvent<HTMLFormElement>) => void;
    ref: RefObject<HTMLFormElement | null>;
  };
}

/**
 * The state of a form with a server action, in place of `useActionState`, whose failures replace the page. Before JavaScript
 * has loaded the browser posts the form; afterwards the action is called from here. It is reset after an answer, as React
 * does; after a failure, or an answer that says what is wrong, it keeps what was typed.
 */
export function useFormAction<State>(
  action: (previous: Awaited<State>, form: FormData) => Promise<State>,
  initial: Awaited<State>,
  {
    restore = restoreEntries,
    withinSeconds,
  }: { restore?: (form: HTMLFormElement) => void; withinSeconds?: number | undefined } = {},
): FormAction<Awaited<State>> {
  const [posted, post] = useActionState(action, initial);
  const [state, setState] = useState(posted);
  const [failure, setFailure] = useState<ActionFailure | null>(null);
  const [isPending, startTransition] = useTransition();
  const ref = useRef<HTMLFormElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a form is restored once, when it appears.
  useEffect(() => {
    if (ref.current) restore(ref.current);
  }, []);

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    // So React does not call the action itself.
    event.preventDefault();
    if (isPending) return;
    const form = event.currentTarget;
    const { submitter } = event.nativeEvent as SubmitEvent;
    const entries = new FormData(form, submitter);
    startTransition(async () => {
      const outcome = await attempt(() => action(state, entries), withinSeconds);
      startTransition(() => {
        if ("failure" in outcome) return setFailure(outcome);
        if (form.isConnected && !isError(outcome.value)) requestFormReset(form);
        setFailure(null);
        setState(outcome.value as Awaited<State>);
      });
    });
  };
  return { state, failure, isPending, form: { ...KEPT, action: post, onSubmit, ref } };
}

function isError(state: unknown): boolean {
  return typeof state === "object" && state !== null && "error" in state;
}
