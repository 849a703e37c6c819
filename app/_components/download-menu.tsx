"use client";

import { Button, type ButtonProps, Stack } from "@mantine/core";
import { IconBraces, IconChevronDown, IconDownload, IconTable } from "@tabler/icons-react";
import { Flyout } from "@/app/_components/flyout";

const FORMATS = [
  { value: "csv", label: "CSV, for spreadsheets", Icon: IconTable },
  { value: "jsonl", label: "JSON Lines, for programs", Icon: IconBraces },
] as const;
const LOOKS: ButtonProps = { variant: "subtle", color: "gray", justify: "flex-start", fw: 400 };

interface DownloadMenuProps {
  /** The export of a list, without a format. */
  href: string;
  /** What of it. */
  query?: string;
  /** Gets what is too long for an address, in place of following it. */
  onChoose?: ((format: string) => void) | undefined;
  /** Small, and above its button. */
  isInBar?: boolean;
}

/** Downloads a list with its results. */
export function DownloadMenu({ href, query = "", onChoose, isInBar = false }: DownloadMenuProps) {
  const hrefOf = (format: string) =>
    `${href}?${new URLSearchParams([...new URLSearchParams(query), ["format", format]])}`;
  return (
    <Flyout
      label="Download"
      side="end"
      isAbove={isInBar}
      button={(props) => (
        <Button
          {...props}
          variant="default"
          size={isInBar ? "xs" : "sm"}
          leftSection={<IconDownload size={isInBar ? 14 : 16} aria-hidden />}
          rightSection={<IconChevronDown size={isInBar ? 12 : 14} aria-hidden />}
        >
          Download
        </Button>
      )}
    >
      {(close) => (
        <Stack gap={2}>
          {FORMATS.map(({ value, label, Icon }) => {
            const icon = <Icon size={16} aria-hidden />;
            if (!onChoose) {
              return (
                <Button
                  key={value}
                  component="a"
                  href={hrefOf(value)}
                  download
                  onClick={close}
                  leftSection={icon}
                  {...LOOKS}
                >
                  {label}
                </Button>
              );
            }
            const choose = () => {
              onChoose(value);
              close();
            };
            return (
              <Button key={value} onClick={choose} leftSection={icon} {...LOOKS}>
                {label}
              </Button>
            );
          })}
        </Stack>
      )}
    </Flyout>
  );
}
