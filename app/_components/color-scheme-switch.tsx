"use client";

import { ActionIcon, useMantineColorScheme } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { Hint } from "@/app/_components/hint";

const SCHEMES = [
  { value: "auto", label: "like the system", Icon: IconDeviceDesktop },
  { value: "light", label: "light", Icon: IconSun },
  { value: "dark", label: "dark", Icon: IconMoon },
] as const;

/** Each press takes the next colour scheme. */
export function ColorSchemeSwitch() {
  // To switch transitions off meanwhile would restyle the page twice more, and there are hardly any.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  // The choice lives in this browser, so the server can't have drawn it.
  const chosen = useMounted() ? colorScheme : "auto";
  const index = SCHEMES.findIndex(({ value }) => value === chosen);
  const { label, Icon } = SCHEMES[index] ?? SCHEMES[0];
  const next = SCHEMES[(index + 1) % SCHEMES.length] ?? SCHEMES[0];
  return (
    <Hint text={`Colours ${label}. Press for ${next.label}.`}>
      <ActionIcon
        variant="default"
        size={34}
        aria-label={`Colours: ${label}`}
        onClick={() => setColorScheme(next.value)}
      >
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Hint>
  );
}
