/**
 * The text of a file of unknown encoding: what its byte order mark says; else UTF-16 where every other byte is zero, as in
 * what spreadsheets call Unicode text; else UTF-8 where it is that; else Windows-1252, in which every byte means something.
 */
export function decodeText(bytes: Uint8Array): { text: string; encoding: TextEncodingName } {
  const encoding = markedEncoding(bytes) ?? utf16WithoutMark(bytes);
  if (encoding) return { text: decode(bytes, encoding), encoding };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
  } catch {
    return { text: decode(bytes, "windows-1252"), encoding: "windows-1252" };
  }
}

export type TextEncodingName = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** So many bytes tell whether there are zeros between the letters. */
const SAMPLE_BYTES = 1_024;

function markedEncoding([first, second, third]: Uint8Array): TextEncodingName | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return null;
}

function utf16WithoutMark(bytes: Uint8Array): TextEncodingName | null {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  let even = 0;
  let odd = 0;
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  const isMany = (zeros: number) => zeros > sample.length / 5;
  if (isMany(odd) && even < odd / 4) return "utf-16le";
  return isMany(even) && odd < even / 4 ? "utf-16be" : null;
}

/** Decoding drops the mark. */
function decode(bytes: Uint8Array, encoding: TextEncodingName): string {
  return new TextDecoder(encoding).decode(bytes);
}
