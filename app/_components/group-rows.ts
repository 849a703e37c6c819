/** On the average; a power of two. */
const USUAL_ROWS = 16;
const MAX_ROWS = 64;

export interface RowGroup<Row> {
  /** Stays the same while rows come and go before it. */
  key: string;
  rows: Row[];
  /** The place of its first row among all, from 0. */
  start: number;
}

/**
 * Cuts a list into groups. Where a group ends is told by the id of its last row and not by counting: so a row that is put
 * in before them moves none from one group to another, where it would be made anew and lose the focus.
 */
export function groupRows<Row>(rows: Row[], getRowId: (row: Row) => string): RowGroup<Row>[] {
  const groups: RowGroup<Row>[] = [];
  let start = 0;
  rows.forEach((row, index) => {
    const id = getRowId(row);
    const isLast = index === rows.length - 1;
    if (!isLast && index + 1 - start < MAX_ROWS && !isEnd(id)) return;
    groups.push({ key: isLast ? "last" : id, rows: rows.slice(start, index + 1), start });
    start = index + 1;
  });
  return groups;
}

/** The end of a UUID is random, whatever its version. Ids of another kind end no group: then they are counted. */
function isEnd(id: string): boolean {
  return Number.parseInt(id.slice(-4), 16) % USUAL_ROWS === 0;
}
