"use client";

import { Alert, NativeSelect, Stack } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { BadRows } from "@/app/submissions/list/_components/bad-rows";
import { ChooseList } from "@/app/submissions/list/_components/choose-list";
import { ConfirmList } from "@/app/submissions/list/_components/confirm-list";
import { MapColumns } from "@/app/submissions/list/_components/map-columns";
import { useList } from "@/app/submissions/list/_components/use-list";
import { groupedTaskKinds, TASK_KINDS, type TaskKindId } from "@/lib/sixtyfour/task-kinds";

/** From a file to a submission: choose, map, mend, confirm; each part shows up when it can be used. */
export function ListImport({ initialKind }: { initialKind: TaskKindId }) {
  const [kind, setKind] = useState(initialKind);
  const list = useList(kind);
  const { summary, counts, isEdited } = list;
  const choose = (chosen: TaskKindId) => {
    setKind(chosen);
    // So that a reload keeps it.
    window.history.replaceState(null, "", `?kind=${chosen}`);
  };
  useEffect(() => {
    if (!isEdited) return;
    // The page alone holds the list: the browser asks before the edits are lost.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isEdited]);
  return (
    <Stack gap="lg">
      <NativeSelect
        label="What to do"
        description={TASK_KINDS[kind].description}
        value={kind}
        onChange={({ currentTarget }) => choose(currentTarget.value as TaskKindId)}
        data={groupedTaskKinds().map(({ label, kinds }) => ({
          group: label,
          items: kinds.map((value) => ({ value, label: TASK_KINDS[value].label })),
        }))}
        maw={420}
      />
      <ChooseList list={list} />
      {list.problem && (
        <Alert color="red" icon={<IconAlertCircle aria-hidden />} title="This list can’t be taken" role="alert">
          {list.problem}
        </Alert>
      )}
      {summary && <MapColumns kind={kind} list={list} summary={summary} />}
      {summary && counts && counts.bad > 0 && list.mapping.some(Boolean) && (
        <BadRows list={list} summary={summary} counts={counts} />
      )}
      {summary && counts && <ConfirmList key={kind} kind={kind} list={list} summary={summary} counts={counts} />}
    </Stack>
  );
}
