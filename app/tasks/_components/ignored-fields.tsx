import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

/** Request fields that Sixtyfour ignored: an instruction that did nothing was paid for all the same. */
export function IgnoredFields({ fields }: { fields: string[] }) {
  if (fields.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={`Sixtyfour ignored: ${fields.join(", ")}`}>
      <Text size="sm">
        Sixtyfour does not know {fields.length === 1 ? "this request field" : "these request fields"}, so the result was
        made without {fields.length === 1 ? "it" : "them"}.
        {fields.includes("dispatch_id") && " A request whose answer is lost is not repeated automatically."}
      </Text>
    </Alert>
  );
}
