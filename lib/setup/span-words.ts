const STEPS = [
  { unit: "day", seconds: 86_400 },
  { unit: "h", seconds: 3_600 },
  { unit: "min", seconds: 60 },
];

/** `45 s`, `6 min`, `3 h`, `2 days`: a span in its largest whole unit. */
export function spanWords(seconds: number): string {
  const step = STEPS.find((candidate) => seconds >= candidate.seconds);
  if (!step) return `${Math.round(seconds)} s`;
  const count = Math.floor(seconds / step.seconds);
  return `${count} ${step.unit === "day" && count > 1 ? "days" : step.unit}`;
}
