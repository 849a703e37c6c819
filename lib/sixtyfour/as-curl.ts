import type { TaskShape } from "@/lib/sixtyfour/task-kinds";

const API_URL = "https://api.sixtyfour.ai";

/**
 * A submit as a command for a POSIX shell, to be tried elsewhere or shown to support. The key stands in it as a variable,
 * and our webhook address, which holds a token, not at all. Safe for the browser.
 */
export function asCurl({
  path,
  shape,
  body,
}: {
  path: string;
  shape: TaskShape;
  body: Record<string, unknown>;
}): string {
  const json = JSON.stringify(body);
  const what =
    shape === "file"
      ? ["--form 'file=@leads.csv'", `--form-string ${quoted(`config=${json}`)}`]
      : ["--header 'content-type: application/json'", `--data-raw ${quoted(json)}`];
  return [`curl '${API_URL}${path}'`, '--header "x-api-key: $SIXTYFOUR_API_KEY"', ...what].join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
