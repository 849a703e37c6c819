import { Code } from "@mantine/core";

/** A sentence in which names of variables and commands stand between backticks. */
export function WithCode({ children }: { children: string }) {
  return children.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence stay where they are.
      <Code key={index} className="break-anywhere">
        {part}
      </Code>
    ),
  );
}
