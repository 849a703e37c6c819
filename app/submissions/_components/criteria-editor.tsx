"use client";

import { type RowPart, RowsEditor } from "@/app/submissions/_components/rows-editor";
import type { DraftRow, TaskInputErrors } from "@/lib/tasks/task-draft";

type Part = "criteria_name" | "description" | "weight" | "threshold";

const PARTS: RowPart<Part>[] = [
  {
    part: "criteria_name",
    label: "Name",
    labelOf: (place) => `Name of criterion ${place}`,
    placeholder: "B2B",
    isRequired: true,
  },
  {
    part: "description",
    label: "What it means",
    labelOf: (place) => `What criterion ${place} means`,
    placeholder: "Its customers are companies, not consumers",
    isRequired: true,
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
    label: "Threshold, 0 to 1",
    labelOf: (place) => `Threshold of criterion ${place}, 0 to 1`,
    placeholder: "0.7",
    inputMode: "decimal",
  },
];

/** Criteria that a lead is judged by: name, meaning, relative weight and threshold. */
export function CriteriaEditor({ initial, errors }: { initial: DraftRow<Part>[]; errors: TaskInputErrors }) {
  return (
    <RowsEditor
      name="qualification_criteria"
      legend="Criteria"
      hint="Describe what makes a good lead. Weights are relative: a criterion of weight 2 counts twice as much as one of weight 1, the default. The threshold is the share, from 0 to 1, that a lead must reach to pass the criterion; leave it empty for none. Scores in the result are on another scale: 0 to 10."
      ofOne="criterion"
      parts={PARTS}
      blank={{ criteria_name: "", description: "", weight: "", threshold: "" }}
      initial={initial}
      firstRows={2}
      errors={errors}
    />
  );
}
