import classes from "@/app/submissions/_components/choices.module.css";
import { priceSentence } from "@/app/submissions/_components/price-words";
import { TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import { MODES, type Mode, type Tier } from "@/lib/sixtyfour/task-options";

/** The price of what is chosen in the form around it. CSS shows the one that applies, so it needs no JavaScript. */
export function PriceNote({ kind }: { kind: TaskKindId }) {
  const { mode, tiers = [] }: TaskKind["options"] = TASK_KINDS[kind].options;
  const choices = mode ? Object.keys(MODES) : tiers;
  if (choices.length === 0) return priceSentence(kind, {});
  return choices.map((choice) => (
    <span key={choice} className={classes.price} data-choice={choice}>
      {priceSentence(kind, mode ? { mode: choice as Mode } : { tier: choice as Tier })}
    </span>
  ));
}
