import { Stack, Text } from "@mantine/core";
import { Section } from "@/app/_components/section";
import { TextBlock } from "@/app/_components/text-block";
import type { DeliveryDetail } from "@/lib/deliveries/delivery-view";
import { sizeWords } from "@/lib/deliveries/delivery-words";

/** The body as it came, as text and nothing else: it comes from outside, so nothing in it becomes a link or a page. */
export function PayloadSection({ delivery }: { delivery: DeliveryDetail }) {
  const { text } = delivery.payload;
  return (
    <Section title="Payload">
      <Stack gap="xs">
        {notesOn(delivery).map((note) => (
          <Text key={note} size="sm" c="dimmed">
            {note}
          </Text>
        ))}
        {text && (
          <TextBlock label="Payload as text" maxHeight="70vh">
            {text}
          </TextBlock>
        )}
      </Stack>
    </Section>
  );
}

function notesOn({ payload, bodyBytes, keptBytes, outcome, answer }: DeliveryDetail): string[] {
  const notes: string[] = [];
  if (bodyBytes === 0) notes.push("It came without a body.");
  else if (keptBytes === 0) notes.push(whyNotKept(outcome, answer));
  else if (bodyBytes !== null && keptBytes < bodyBytes) {
    notes.push(`Only the beginning was kept: ${sizeWords(keptBytes)} of ${sizeWords(bodyBytes)}.`);
  }
  if (payload.hasInvalidUtf8) notes.push("It is not all UTF-8; what is not stands as \ufffd.");
  if (payload.isCut) notes.push("It goes on; only the beginning is shown.");
  return notes;
}

function whyNotKept(outcome: DeliveryDetail["outcome"], answer: number): string {
  if (answer === 413) return "It was too long to be read.";
  return outcome === "refused"
    ? "It was not read: the headers alone show that it can’t be taken."
    : "It has been deleted.";
}
