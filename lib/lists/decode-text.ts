type TextEncodingName = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

export interface DecodedText {
  text: string;
  encoding: TextEncodingName;
}

const WORKBOOK =
  "It is a workbook, and no CSV file. Save it as CSV from your spreadsheet, or copy its rows and paste them here.";
const NOT_TEXT = "It is no text file. Save the list as CSV, or copy its rows and paste them here.";

/**
 * The text of a file of unknown encoding: what its byte order mark says; else UTF-16 where there are zero bytes and it
 * is that; else UTF-8 where it is that; else Windows-1252, in which every byte means something.
 *
 * @returns the text without its mark, or in a sentence why the file holds none
 */
export function decodeText(bytes: Uint8Array): DecodedText | { problem: string } {
  const marked = markedEncoding(bytes);
  if (marked) return { text: new TextDecoder(marked).decode(bytes), encoding: marked };
  if (isWorkbook(bytes)) return { problem: WORKBOOK };
  const decoded = decodeStrictly(bytes, utf16WithoutMark(bytes)) ?? decodeStrictly(bytes, "utf-8");
  const { text, encoding } = decoded ?? {
    text: new TextDecoder("windows-1252").decode(bytes),
    encoding: "windows-1252",
  };
  return isPlainText(text) ? { text, encoding } : { problem: NOT_TEXT };
}

function markedEncoding([first, second, third]: Uint8Array): TextEncodingName | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return null;
}

/** A zip, as .xlsx and .ods are, or the container of .xls. */
function isWorkbook([a, b, c, d]: Uint8Array): boolean {
  return (a === 0x50 && b === 0x4b && c === 3 && d === 4) || (a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0);
}

/** So much tells what a file is. */
const SAMPLE_SIZE = 65_536;

/** Which half of a unit is zero in separators, digits and line ends, whatever the script around them: one in a hundred. */
function utf16WithoutMark(bytes: Uint8Array): TextEncodingName | null {
  let even = 0;
  let odd = 0;
  const sample = bytes.subarray(0, SAMPLE_SIZE);
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  if (even === odd || Math.max(even, odd) < sample.length / 200) return null;
  return odd > even ? "utf-16le" : "utf-16be";
}

function decodeStrictly(bytes: Uint8Array, encoding: TextEncodingName | null): DecodedText | null {
  if (!encoding) return null;
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
  } catch {
    return null; // not of this encoding
  }
}

/** A stray control character is no harm; what is compressed or compiled has them by the dozen. */
function isPlainText(text: string): boolean {
  const sample = text.slice(0, SAMPLE_SIZE);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const controls = sample.match(/[\0-\x08\x0e-\x19]/g)?.length ?? 0;
  return controls <= sample.length / 100;
}
