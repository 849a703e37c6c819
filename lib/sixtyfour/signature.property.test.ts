import fc from "fast-check";
import { expect, test } from "vitest";
import { sign, signatureHeader, verifySignature } from "@/lib/sixtyfour/signature";

const secret = fc.string({ minLength: 1, maxLength: 80 });
const body = fc.uint8Array({ maxLength: 2_000 });
const time = fc.integer({ min: 0, max: 4_000_000_000 });

test("no header makes it throw, and none that lacks the right v1 is valid", () => {
  const pieces = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom("t=", "v1=", "v0=", ",", "=", " ", "t=1767225600", `v1=${"0".repeat(64)}`, "\0", "é"),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), body, secret, time, (parts, rawBody, key, nowInSeconds) => {
      const header = parts.join(fc.sample(fc.constantFrom(",", ""), 1)[0] ?? ",");
      const { verdict } = verifySignature({ header, rawBody, secrets: [key], nowInSeconds });
      expect(verdict).not.toBe("valid");
    }),
    { numRuns: 500 },
  );
});

test("what one of our secrets has signed is valid, wherever its v1 stands among others", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(secret, { minLength: 1, maxLength: 4 }),
      fc.array(secret, { maxLength: 5 }),
      fc.nat(),
      body,
      time,
      fc.integer({ min: -300, max: 300 }),
      (ours, others, pick, rawBody, at, age) => {
        const signer = ours[pick % ours.length] ?? "";
        const signers = [...others.slice(0, pick % 5), signer, ...others.slice(pick % 5)];
        const header = signatureHeader(signers, at, rawBody);
        expect(verifySignature({ header, rawBody, secrets: ours, nowInSeconds: at + age }).verdict).toBe("valid");
      },
    ),
  );
});

test("one flipped bit of the body, the time or the v1 is one too many", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), secret, time, fc.nat(), (rawBody, key, at, bit) => {
      const flipped = Uint8Array.from(rawBody);
      const index = bit % flipped.length;
      flipped[index] = (flipped[index] ?? 0) ^ (1 << (bit % 8));
      const verdict = (given: { header?: string; rawBody?: Uint8Array }) =>
        verifySignature({
          header: signatureHeader([key], at, rawBody),
          rawBody,
          secrets: [key],
          nowInSeconds: at,
          ...given,
        }).verdict;
      expect(verdict({ rawBody: flipped })).toBe("mismatch");
      expect(verdict({ header: `t=${at + 1},v1=${sign(key, at, rawBody)}` })).toBe("mismatch");
      const v1 = sign(key, at, rawBody);
      const other = v1.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
      expect(verdict({ header: `t=${at},v1=${other}` })).toBe("mismatch");
    }),
  );
});
