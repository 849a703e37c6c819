"use client";

import { Button, Stack } from "@mantine/core";
import { IconBraces, IconChevronDown, IconDownload, IconTable } from "@tabler/icons-react";
import { Flyout } from "@/app/_components/flyout";

const FORMATS = [
  { value: "csv", label: "CSV, for spreadsheets", Icon: IconTable },
  { value: "jsonl", label: "JSON Lines, for programs", Icon: IconBraces },
] as const;

/** Downloads a list with its results. `href` is its export, without a format; `query` says what of it. */
export function DownloadMenu({ href, query = "" }: { href: string; query?: string }) {
  return (
    <Flyout
      label="Download"
      side="end"
      button={(props) => (
        <Button
          {...props}
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          Download
        </Button>
      )}
    >
      {(close) => (
        <Stack gap={2}>
          {FORMATS.map(({ value, label, Icon }) => (
            <Button
              key={value}
              component="a"
              href={`${href}?${new URLSearchParams([...new URLSearchParams(query), ["format", value]])}`}
              download
              onClick={close}
              variant="subtle"
              color="gray"
              justify="flex-start"
              fw={400}
              leftSection={<Icon size={16} aria-hidden />}
            >
              {label}
            </Button>
          ))}
        </Stack>
      )}
    </Flyout>
  );
}
