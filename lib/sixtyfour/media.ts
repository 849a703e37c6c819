/** Where Sixtyfour keeps pictures that it found: the only place from which a page shows any. Safe for the browser. */
const MEDIA = "https://api.sixtyfour.ai/v1/media";

/** The same place in the words of a Content-Security-Policy: that path with or without a query, and all below it. */
export const MEDIA_SOURCES = `${MEDIA} ${MEDIA}/`;

/** True for the address of a picture at Sixtyfour, and for nothing that only looks like one. */
export function isMediaUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { href } = new URL(text);
  return href.startsWith(MEDIA) && ["", "/", "?", "#"].includes(href.charAt(MEDIA.length));
}
