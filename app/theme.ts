"use client";

import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one accent. */
const iris: MantineColorsTuple = [
  "#f0f1ff",
  "#dfe1fb",
  "#bcc0f1",
  "#979de8",
  "#777fe0",
  "#636bdb",
  "#5861da",
  "#4850c2",
  "#3f47ae",
  "#343c9a",
];

export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 7, dark: 5 },
  colors: { iris },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: "600" },
});
