import type { MantineColor } from "@mantine/core";
import { Mark } from "@/app/_components/mark";

const MARKS: Record<string, { label: string; color: MantineColor }> = {
  OK: { label: "Verified", color: "green" },
  UNKNOWN: { label: "Catch-all", color: "yellow" },
  CATCH_ALL: { label: "Catch-all", color: "yellow" },
  RISKY: { label: "Risky", color: "orange" },
  INVALID: { label: "Invalid", color: "red" },
  NOT_FOUND: { label: "Not found", color: "gray" },
};

const TYPES: Record<string, string> = { COMPANY: "Work email", PERSONAL: "Personal email" };

/** The type of an address in words; a type that we don't know is shown as it is. */
export function emailTypeWords(type: string): string {
  return TYPES[type] ?? type;
}

/** What Sixtyfour's verification said of an address; a word that we don't know is shown as it is. */
export function EmailMark({ status }: { status: string | null }) {
  if (!status) return null;
  const { label, color } = MARKS[status] ?? { label: status, color: "gray" };
  return (
    <Mark color={color} size="sm">
      {label}
    </Mark>
  );
}
