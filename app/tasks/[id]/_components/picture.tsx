"use client";

import { Anchor } from "@mantine/core";
import { useState } from "react";
import { OutsideLink } from "@/app/tasks/[id]/_components/outside-link";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";

/** A picture that Sixtyfour found, from its media address alone; its link where it can't be loaded. */
export function Picture({ url, name }: { url: string; name: string }) {
  const [isBroken, setIsBroken] = useState(false);
  if (isBroken) return <OutsideLink url={url} />;
  return (
    <Anchor href={url} target="_blank" rel="noopener noreferrer nofollow">
      {/* biome-ignore lint/performance/noImgElement: Next would fetch it through our server. */}
      <img
        className={classes.picture}
        src={url}
        alt={name.replaceAll("_", " ") || "Picture"}
        loading="lazy"
        referrerPolicy="no-referrer"
        onError={() => setIsBroken(true)}
      />
    </Anchor>
  );
}
