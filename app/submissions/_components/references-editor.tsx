"use client";

import { type RowPart, RowsEditor } from "@/app/submissions/_components/rows-editor";
import type { DraftRow, TaskInputErrors } from "@/lib/tasks/task-draft";

type Part = "url" | "description";

const PARTS: RowPart<Part>[] = [
  {
    part: "url",
    label: "Address",
    labelOf: (place) => `Address of page ${place}`,
    placeholder: "acme.com/pricing",
    inputMode: "url",
  },
  {
    part: "description",
    label: "What it is",
    labelOf: (place) => `What page ${place} is`,
    placeholder: "Our price list",
  },
];

/** Pages that the agent reads. */
export function ReferencesEditor({ initial, errors }: { initial: DraftRow<Part>[]; errors: TaskInputErrors }) {
  return (
    <RowsEditor
      name="references"
      legend="Pages to read"
      hint="Optional. List pages that the agent should read, and say what each is."
      ofOne="page"
      parts={PARTS}
      blank={{ url: "", description: "" }}
      initial={initial}
      firstRows={1}
      errors={errors}
    />
  );
}
