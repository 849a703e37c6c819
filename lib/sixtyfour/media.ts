/** Where Sixtyfour keeps pictures that it found: the only place from which a page shows any. Safe for the browser. */
export const MEDIA_PREFIX = "https://api.sixtyfour.ai/v1/media/";

/** True for the address of a picture at Sixtyfour, and for nothing that only looks like one. */
export function isMediaUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).href.startsWith(MEDIA_PREFIX);
}
