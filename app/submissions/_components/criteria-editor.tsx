"use client";

import { type RowPart, RowsEditor } from "@/app/submissions/_components/rows-editor";
import type { DraftRow, TaskInputErrors } from "@/lib/tasks/task-input";

type Part = "name" | "description" | "weight" | "threshold";

const PARTS: RowPart<Part>[] = [
  {
    part: "name",
    label: "Name",
    labelOf: (place) => `Name of criterion ${place}`,
    placeholder: "Sells to businesses",
  },
  {
    part: "description",
    label: "What it means",
    labelOf: (place) => `What criterion ${place} means`,
    placeholder: "Its customers are companies, not consumers",
  },
  {
    part: "weight",
    label: "Weight",
    labelOf: (place) => `Weight of criterion ${place}`,
    placeholder: "1",
    inputMode: "decimal",
  },
  {
    part: "threshold",
    label: "Threshold",
    labelOf: (place) => `Threshold of criterion ${place}`,
    placeholder: "0.7",
    inputMode: "decimal",
  },
];

/** What a lead is judged by: a name, what it means, how much it counts, and what has to be reached. */
export function CriteriaEditor({ initial, errors }: { initial: DraftRow<Part>[]; errors: TaskInputErrors }) {
  return (
    <RowsEditor
      name="criteria"
      legend="Criteria"
      hint="What makes a good lead. The weight says how much it counts, the threshold what its score must reach."
      ofOne="criterion"
      parts={PARTS}
      blank={{ name: "", description: "", weight: "", threshold: "" }}
      initial={initial}
      firstRows={2}
      errors={errors}
    />
  );
}
