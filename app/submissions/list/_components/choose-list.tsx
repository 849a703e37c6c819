"use client";

import { Button, Group, Loader, Paper, Stack, Text, Textarea } from "@mantine/core";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { counted } from "@/app/_components/figures";
import classes from "@/app/submissions/list/_components/list-import.module.css";
import type { OpenList } from "@/app/submissions/list/_components/use-list";

/** Where a list comes in: a file that is dropped or chosen, or what was copied from a spreadsheet. */
export function ChooseList({ list }: { list: OpenList }) {
  const [isPasting, setPasting] = useState(false);
  const [isChoosing, setChoosing] = useState(true);
  useEffect(keepPageFromDrops, []);
  const open = async (source: File | string) => {
    await list.open(source);
    setChoosing(false);
  };
  const openChosen = (input: HTMLInputElement | null) => {
    const [file] = input?.files ?? [];
    if (!input || !file) return;
    // So that the same file can be chosen again after it was changed.
    input.value = "";
    void open(file);
  };

  if (list.summary && !isChoosing) {
    return (
      <Paper withBorder p="md">
        <Group justify="space-between">
          <Group gap="sm" wrap="nowrap">
            <IconFileSpreadsheet aria-hidden />
            <div>
              <Text fw={500} className="break-anywhere">
                {list.name || "From the clipboard"}
              </Text>
              <Text size="sm" c="dimmed" className="tabular">
                {counted(list.summary.rowCount, "row")}, {counted(list.summary.columns.length, "column")}
              </Text>
            </div>
          </Group>
          <Button variant="default" size="xs" onClick={() => setChoosing(true)}>
            Choose another
          </Button>
        </Group>
      </Paper>
    );
  }
  return (
    <Stack gap="sm">
      <label className={classes.drop}>
        <IconFileSpreadsheet size={32} aria-hidden />
        <span className={classes.dropTitle}>Drop a CSV file here, or choose one</span>
        <Text span size="sm" c="dimmed">
          Up to 100,000 rows and 100 MB; separated by comma, semicolon or tab.
        </Text>
        {/* A file input takes what is dropped on it by itself, and the keyboard. */}
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          className={classes.file}
          // A file that was chosen before React took over brings no event any more.
          ref={openChosen}
          onChange={({ currentTarget }) => openChosen(currentTarget)}
        />
      </label>
      {list.isReading && (
        <Group gap="xs" role="status">
          <Loader size="xs" aria-hidden />
          <Text size="sm">Reading the list</Text>
        </Group>
      )}
      {isPasting ? (
        <PasteForm onPaste={open} />
      ) : (
        <div>
          <Button variant="subtle" size="xs" onClick={() => setPasting(true)}>
            Paste from a spreadsheet instead
          </Button>
        </div>
      )}
    </Stack>
  );
}

/** A file dropped beside the area would be opened by the browser, in place of this page. */
function keepPageFromDrops(): () => void {
  const keep = (event: DragEvent) => {
    const isFile = event.dataTransfer?.types.includes("Files");
    const isOnInput = event.target instanceof HTMLInputElement && event.target.type === "file";
    if (isFile && !isOnInput) event.preventDefault();
  };
  window.addEventListener("dragover", keep);
  window.addEventListener("drop", keep);
  return () => {
    window.removeEventListener("dragover", keep);
    window.removeEventListener("drop", keep);
  };
}

function PasteForm({ onPaste }: { onPaste: (text: string) => Promise<void> }) {
  const [text, setText] = useState("");
  return (
    <Stack gap="xs" align="flex-start">
      <Textarea
        label="Rows from a spreadsheet"
        description="Copy them with their headers, and paste them here: they are read at once."
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData("text/plain");
          // Into an empty field: read at once. A field with a hundred thousand rows in it would hold up the page.
          if (text !== "" || pasted.trim() === "") return;
          event.preventDefault();
          void onPaste(pasted);
        }}
        rows={6}
        w="100%"
        autoFocus
        spellCheck={false}
      />
      <Button size="xs" variant="default" disabled={text.trim() === ""} onClick={() => void onPaste(text)}>
        Read them
      </Button>
    </Stack>
  );
}
