import { useState } from "react";

interface EditorRow<Row> {
  /** Names its inputs; stays the same while other rows come and go. */
  id: number;
  row: Row;
}

/** The rows of an editor. Some blank ones are there from the start, so that it can be used before JavaScript has loaded. */
export function useEditorRows<Row>(initial: Row[], blank: Row, firstRows: number) {
  const [rows, setRows] = useState<EditorRow<Row>[]>(() => {
    const blanks = Array.from({ length: Math.max(0, firstRows - initial.length) }, () => blank);
    return [...initial, ...blanks].map((row, id) => ({ id, row }));
  });
  return {
    rows,
    add: (added: Row[] = [blank]) =>
      setRows((current) => {
        const next = 1 + Math.max(-1, ...current.map(({ id }) => id));
        return [...current, ...added.map((row, index) => ({ id: next + index, row }))];
      }),
    remove: (id: number) => setRows((current) => current.filter((row) => row.id !== id)),
  };
}
