"use client";

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

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

/**
 * What is behind a dialog does not scroll, and keeps its scroll bar: to take that away, a variable is set on the body,
 * by which each element of the page is styled anew.
 */
const HOLDS_STILL = { removeScrollBar: false };

export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 7, dark: 5 },
  colors: { iris },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: '"Inter Variable", "Inter fallback", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: "600" },
  components: {
    // Not by their own `extend`, which would load them for every page. The element of a modal's header is a header, which
    // would pass for the page's own.
    ModalRoot: { defaultProps: { removeScrollProps: HOLDS_STILL } },
    DrawerRoot: { defaultProps: { removeScrollProps: HOLDS_STILL } },
    ModalHeader: { defaultProps: { role: "presentation" } },
    DrawerHeader: { defaultProps: { role: "presentation" } },
    Notification: {
      defaultProps: { withBorder: true, closeButtonProps: { "aria-label": "Dismiss" } },
      styles: { description: { color: "var(--mantine-color-dimmed)" } },
    },
  },
});

/** Text on tinted grounds, dark enough for 4.5 to 1. */
const TEXT_ON_TINT = {
  gray: "#495057",
  red: "#a61e1e",
  orange: "#8f3d00",
  yellow: "#7a4d00",
  green: "#1b6b2c",
  blue: "#14538f",
  iris: "#3f47ae",
};

/** Where Mantine's own colours are too faint to read, or too loud for a page that is looked at all day. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const colors = Object.entries(TEXT_ON_TINT);
  return {
    variables: {},
    light: {
      "--mantine-color-dimmed": "#5c636a",
      "--mantine-color-placeholder": "#767c83",
      "--mantine-color-error": "#c92a2a",
      "--mantine-color-red-outline": "#c92a2a",
      ...Object.fromEntries(colors.map(([color, text]) => [`--mantine-color-${color}-light-color`, text])),
    },
    dark: {
      "--mantine-color-anchor": "var(--mantine-color-iris-3)",
      "--mantine-color-dimmed": "#a3a3a3",
      "--mantine-color-placeholder": "#8c8c8c",
      "--mantine-color-error": "#ff8787",
      ...Object.fromEntries(
        colors.flatMap(([color]) => [
          [`--mantine-color-${color}-light`, `color-mix(in srgb, var(--mantine-color-${color}-6) 18%, transparent)`],
          [`--mantine-color-${color}-light-color`, `var(--mantine-color-${color}-3)`],
        ]),
      ),
    },
  };
};
