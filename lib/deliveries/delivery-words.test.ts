import { expect, test } from "vitest";
import { deliveryWords, PREFLIGHT_EVENT_TYPE, signatureWords, sizeWords } from "@/lib/deliveries/delivery-words";

test.each([
  ["valid", 1, 3, "valid"],
  ["unsigned", 0, null, "unsigned: no secret is configured"],
  ["missing", 0, null, "no signature"],
  ["malformed", 1, null, "not to be read"],
  ["mismatch", 1, 0, "one signature, which doesn't match"],
  ["mismatch", 2, 0, "two signatures, none matches"],
  ["mismatch", 12, 0, "12 signatures, none matches"],
  ["mismatch", null, null, "doesn't match"],
  ["expired", 1, 412, "expired: 412 s old"],
  ["expired", 1, -412, "expired: 412 s ahead"],
] as const)("%s with %s v1 and an age of %s reads “%s”", (signature, signatureCount, signatureAgeSeconds, words) => {
  expect(signatureWords({ signature, signatureCount, signatureAgeSeconds })).toBe(words);
});

test("a size is read in bytes, kB and MB", () => {
  expect([1, 999, 4_096, 2_500_000].map(sizeWords)).toEqual(["1 byte", "999 bytes", "4.1 kB", "2.5 MB"]);
});

test("a preflight is called one where it arrived, and what is refused is not, whatever it calls itself", () => {
  expect(deliveryWords({ outcome: "workflow", eventType: PREFLIGHT_EVENT_TYPE }).label).toBe("Preflight");
  expect(deliveryWords({ outcome: "workflow", eventType: "outgoing_webhook.completed" }).label).toBe("Workflow");
  expect(deliveryWords({ outcome: "refused", eventType: PREFLIGHT_EVENT_TYPE }).label).toBe("Refused");
});
