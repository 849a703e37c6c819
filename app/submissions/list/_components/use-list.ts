import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ListCallName, ListCalls, ListSummary } from "@/app/submissions/list/_components/list-messages";
import { type ListReader, openListReader } from "@/app/submissions/list/_components/list-reader";
import { rememberColumns, rememberedColumns } from "@/app/submissions/list/_components/remembered-columns";
import { type ColumnMapping, guessColumns } from "@/lib/lists/guess-columns";
import type { ListCounts } from "@/lib/lists/list-book";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";

const MAX_FILE_BYTES = 100_000_000;

/** A list that is being gone through. */
export interface OpenList {
  /** Its file's name. */
  name: string;
  isReading: boolean;
  problem: string | null;
  summary: ListSummary | null;
  mapping: ColumnMapping;
  counts: ListCounts | null;
  keepDuplicates: boolean;
  /** Rows were fixed or left out. */
  isEdited: boolean;
  /** Counts what was done to the list, so that what is shown of it can be asked for anew. */
  version: number;
  open(source: File | string): Promise<void>;
  reread(hasHeader: boolean): Promise<void>;
  map(mapping: ColumnMapping): void;
  setKeepDuplicates(keep: boolean): void;
  skip(row: number | "bad"): Promise<void>;
  bringBack(): Promise<void>;
  mend(row: number, cells: string[]): Promise<void>;
  call<Name extends ListCallName>(name: Name, given: ListCalls[Name]["given"]): Promise<ListCalls[Name]["answer"]>;
}

/** One list, read for a kind; another kind maps and checks it anew. */
export function useList(kind: TaskKindId): OpenList {
  const reader = useRef<ListReader | null>(null);
  const [name, setName] = useState("");
  const [isReading, setReading] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [summary, setSummary] = useState<ListSummary | null>(null);
  const [chosen, setChosen] = useState<{ instead: ColumnMapping; mapping: ColumnMapping } | null>(null);
  const [counts, setCounts] = useState<ListCounts | null>(null);
  const [keepDuplicates, setKeepDuplicates] = useState(false);
  const [isEdited, setEdited] = useState(false);
  const [version, setVersion] = useState(0);

  // Another list has other columns, and another kind other fields: what was chosen holds for this guess alone.
  const guessed = useMemo(
    () => (summary ? guessColumns(kind, summary.columns, rememberedColumns(kind)) : []),
    [kind, summary],
  );
  const mapping = chosen?.instead === guessed ? chosen.mapping : guessed;

  const close = useCallback(() => {
    reader.current?.close();
    reader.current = null;
  }, []);
  useEffect(() => close, [close]);

  const call = useCallback<OpenList["call"]>((callName, given) => {
    reader.current ??= openListReader(() => {
      reader.current = null;
      setSummary(null);
      setProblem("It could not be read here. Choose it once more.");
    });
    return reader.current.call(callName, given);
  }, []);

  const changed = (next: ListCounts) => {
    setCounts(next);
    setVersion((current) => current + 1);
  };

  const read = async (work: () => Promise<ListSummary | { problem: string }>) => {
    setReading(true);
    setProblem(null);
    setCounts(null);
    setEdited(false);
    try {
      const answer = await work();
      if ("problem" in answer) {
        setSummary(null);
        setProblem(answer.problem);
      } else {
        setSummary(answer);
      }
    } catch (error) {
      setSummary(null);
      setProblem(error instanceof Error ? error.message : "It could not be read.");
    } finally {
      setReading(false);
    }
  };

  useEffect(() => {
    if (!summary) return;
    let isCurrent = true;
    call("check", { kind, mapping, keepDuplicates }).then(
      (next) => {
        if (!isCurrent) return;
        setCounts(next);
        setVersion((current) => current + 1);
      },
      (error: Error) => isCurrent && setProblem(error.message),
    );
    return () => {
      isCurrent = false;
    };
  }, [call, kind, mapping, summary, keepDuplicates]);

  return {
    name,
    isReading,
    problem,
    summary,
    mapping,
    counts,
    keepDuplicates,
    isEdited,
    version,
    async open(source) {
      if (typeof source !== "string" && source.size > MAX_FILE_BYTES) {
        setSummary(null);
        setProblem("It is larger than 100 MB. Split it, and submit the parts one after the other.");
        return;
      }
      setName(typeof source === "string" ? "" : source.name);
      await read(() => call("read", { source }));
    },
    reread: (hasHeader) => read(() => call("reread", { hasHeader })),
    map(next) {
      if (summary) rememberColumns(kind, summary.columns, next);
      setChosen({ instead: guessed, mapping: next });
    },
    setKeepDuplicates,
    async skip(row) {
      setEdited(true);
      changed(await call("skip", { row }));
    },
    async bringBack() {
      changed(await call("bringBack", {}));
    },
    async mend(row, cells) {
      setEdited(true);
      changed((await call("mend", { row, cells })).counts);
    },
    call,
  };
}
