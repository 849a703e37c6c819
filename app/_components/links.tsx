"use client";

import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";

// A function such as Link can't be handed from a server component to Mantine's `component`, so it is done here.

interface Target {
  href: Route;
  children: ReactNode;
}

/** A link within the app that looks like a button. */
export function ButtonLink(props: ButtonProps & Target) {
  return <Button component={Link} {...props} />;
}

/** A link within the app; one that stands in a sentence, `inherit`, is told from it by more than its colour. */
export function AnchorLink(props: AnchorProps & Target) {
  return <Anchor component={Link} underline={props.inherit ? "always" : "hover"} {...props} />;
}
