"use client";

import { Button, Menu } from "@mantine/core";
import { IconBraces, IconChevronDown, IconDownload, IconTable } from "@tabler/icons-react";

const FORMATS = [
  { value: "csv", label: "CSV, for spreadsheets", Icon: IconTable },
  { value: "jsonl", label: "JSON Lines, for programs", Icon: IconBraces },
] as const;

/** Downloads a list with its results. `href` is its export, without a format; `query` says what of it. */
export function DownloadMenu({ href, query = "" }: { href: string; query?: string }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ value, label, Icon }) => (
          <Menu.Item
            key={value}
            component="a"
            href={`${href}?${new URLSearchParams([...new URLSearchParams(query), ["format", value]])}`}
            download
            leftSection={<Icon size={16} aria-hidden />}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
