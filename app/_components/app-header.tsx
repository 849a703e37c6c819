import { Container, Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import Link from "next/link";
import classes from "@/app/_components/app-header.module.css";
import { ColorSchemeSwitch } from "@/app/_components/color-scheme-switch";
import { ButtonLink } from "@/app/_components/links";
import { MainNav } from "@/app/_components/main-nav";
import { ShellTools } from "@/app/_components/shell/shell-tools";
import { SandboxBadge } from "@/app/sandbox/_components/sandbox-badge";
import type { Actor } from "@/lib/actor";

/** The bar on top of every page: home, whether results are real, the parts, and the one action that matters. */
export function AppHeader({ isSandbox, actor }: { isSandbox: boolean; actor: Actor | null }) {
  return (
    <header className={classes.header}>
      <Container size="xl" className={classes.bar}>
        <Group gap="sm" wrap="nowrap">
          <Link href="/" className={classes.home}>
            <span className={classes.mark} aria-hidden>
              64
            </span>
            <span className={classes.name}>Sixtyfour dashboard</span>
          </Link>
          {isSandbox && actor && <SandboxBadge />}
        </Group>
        {actor && (
          <div className={classes.nav}>
            <MainNav />
          </div>
        )}
        <Group gap={6} wrap="nowrap">
          {actor && <ShellTools />}
          <ColorSchemeSwitch />
          {actor && (
            <ButtonLink href="/submissions/new" leftSection={<IconPlus size={16} aria-hidden />} size="sm">
              New<span className={classes.long}>&nbsp;submission</span>
            </ButtonLink>
          )}
        </Group>
      </Container>
    </header>
  );
}
