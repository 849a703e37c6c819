/** Deeper than this is no value that Sixtyfour would return. */
const MAX_DEPTH = 50;

/**
 * Reads a list or dict in Python's notation, such as `['a', None]`, which Sixtyfour sends for untyped lists.
 *
 * @returns the value as JSON would have it; undefined where the text is anything else
 */
export function parsePythonLiteral(text: string): unknown {
  const reader = new LiteralReader(text);
  try {
    const value = reader.readValue(0);
    return reader.isAtEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof NotPythonError) return undefined;
    throw error;
  }
}

class NotPythonError extends Error {}

const CONSTANTS = new Map<string, unknown>([
  ["None", null],
  ["True", true],
  ["False", false],
  ["nan", null],
]);

const ESCAPES = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["\n", ""],
]);

class LiteralReader {
  private at = 0;
  constructor(private readonly text: string) {}

  isAtEnd(): boolean {
    this.skipSpace();
    return this.at === this.text.length;
  }

  readValue(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new NotPythonError();
    this.skipSpace();
    const char = this.text.charAt(this.at);
    if (char === "[") return this.readItems("]", depth);
    if (char === "(") return this.readItems(")", depth);
    if (char === "{") return this.readDict(depth);
    if (char === "'" || char === '"') return this.readString();
    return this.readWord();
  }

  private readItems(close: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.at += 1;
    while (!this.take(close)) {
      items.push(this.readValue(depth + 1));
      if (!this.take(",")) {
        this.expect(close);
        break;
      }
    }
    return items;
  }

  private readDict(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.at += 1;
    while (!this.take("}")) {
      const key = this.readValue(depth + 1);
      if (typeof key === "object") throw new NotPythonError();
      this.expect(":");
      entries.push([String(key), this.readValue(depth + 1)]);
      if (!this.take(",")) {
        this.expect("}");
        break;
      }
    }
    return Object.fromEntries(entries);
  }

  private readString(): string {
    const quote = this.text.charAt(this.at);
    let value = "";
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const char = this.text.charAt(this.at);
      if (char === quote) {
        this.at += 1;
        return value;
      }
      value += char === "\\" ? this.readEscape() : char;
    }
    throw new NotPythonError();
  }

  /** Leaves the place at the last character of the escape. */
  private readEscape(): string {
    const code = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(
      this.text.slice(this.at, this.at + 10),
    );
    const hex = code && (code[1] ?? code[2] ?? code[3]);
    if (hex) {
      const point = Number.parseInt(hex, 16);
      if (point > 0x10ffff) throw new NotPythonError();
      this.at += hex.length + 1;
      return String.fromCodePoint(point);
    }
    this.at += 1;
    const char = this.text.charAt(this.at);
    return ESCAPES.get(char) ?? char;
  }

  private readWord(): unknown {
    const [word] = /^[\w.+-]+/.exec(this.text.slice(this.at, this.at + 40)) ?? [];
    if (!word) throw new NotPythonError();
    this.at += word.length;
    if (CONSTANTS.has(word)) return CONSTANTS.get(word);
    if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word)) return Number(word);
    throw new NotPythonError();
  }

  private take(char: string): boolean {
    this.skipSpace();
    if (this.text.charAt(this.at) !== char) return false;
    this.at += 1;
    return true;
  }

  private expect(char: string): void {
    if (!this.take(char)) throw new NotPythonError();
  }

  private skipSpace(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at += 1;
  }
}
