"use client";

import { ActionIcon } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { latePart, PartBoundary } from "@/app/_components/actions/part-boundary";
import { Hint } from "@/app/_components/hint";
import { MessagesMenu } from "@/app/_components/shell/messages-menu";
import { useShortcuts } from "@/app/_components/shell/use-shortcuts";

// Loaded when they are first asked for; the palette when its key or its button is reached for.
const loadPalette = () => import("@/app/_components/shell/command-palette");
const CommandPalette = latePart(loadPalette);
// What fails here is tried again, and told, when the palette is opened.
const loadPaletteSoon = () => void loadPalette().catch(() => {});
const ShortcutSheet = latePart(() => import("@/app/_components/shell/shortcut-sheet"));

/** What is at hand on every page: search and commands, shortcuts, and what was said before. */
export function ShellTools() {
  /** How often the palette was asked for; 0 until it is loaded. */
  const [paletteOpenings, setPaletteOpenings] = useState(0);
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  const openPalette = () => setPaletteOpenings((openings) => openings + 1);
  const openSheet = () => setIsSheetOpen(true);
  useShortcuts({ palette: openPalette, paletteSoon: loadPaletteSoon, sheet: openSheet });

  return (
    <>
      <Hint text="Ctrl K">
        <ActionIcon
          variant="default"
          size={34}
          aria-label="Search and commands"
          aria-keyshortcuts="Control+K Meta+K"
          onPointerEnter={loadPaletteSoon}
          onFocus={loadPaletteSoon}
          onClick={openPalette}
        >
          <IconSearch size={18} aria-hidden />
        </ActionIcon>
      </Hint>
      <MessagesMenu />
      <PartBoundary>
        {paletteOpenings > 0 && <CommandPalette openings={paletteOpenings} onShowShortcuts={openSheet} />}
        {isSheetOpen && <ShortcutSheet onClose={() => setIsSheetOpen(false)} />}
      </PartBoundary>
    </>
  );
}
