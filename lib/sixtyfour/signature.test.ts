import { describe, expect, test } from "vitest";
import { sign, signatureHeader, signersOf, TOLERANCE_IN_SECONDS, verifySignature } from "@/lib/sixtyfour/signature";

// Vectors made with OpenSSL: printf '<t>.<body>' | openssl dgst -sha256 -hmac '<secret>'
const T = 1_767_225_600;
const BODY = new TextEncoder().encode('{"task_id":"abc","status":"completed"}');
const OLD = {
  secret: "sk_whsec_000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
  v1: "94b71fcea108ad5370e2dea491883c54ad050ff090bdb89e1d944e30624b3d02",
};
const NEW = {
  secret: "sk_whsec_ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100",
  v1: "4b47451a1521048f5868d8ab54485f4c49c70c3bf556c5b7fb2677ff97c10b4f",
};

const verify = (given: { header?: string | null; rawBody?: Uint8Array; secrets?: string[]; nowInSeconds?: number }) =>
  verifySignature({ header: `t=${T},v1=${OLD.v1}`, rawBody: BODY, secrets: [OLD.secret], nowInSeconds: T, ...given });

describe("sign", () => {
  test("agrees with another implementation", () => {
    expect(sign(OLD.secret, T, BODY)).toBe(OLD.v1);
    expect(sign(NEW.secret, T, BODY)).toBe(NEW.v1);
    expect(signatureHeader([OLD.secret, NEW.secret], T, BODY)).toBe(`t=${T},v1=${OLD.v1},v1=${NEW.v1}`);
  });
});

describe("verifySignature", () => {
  test("accepts a right signature", () => {
    expect(verify({})).toMatchObject({ verdict: "valid" });
  });

  test("accepts any v1 under any of our secrets", () => {
    const both = `t=${T},v1=${OLD.v1},v1=${NEW.v1}`;
    expect(verify({ header: both, secrets: [NEW.secret] })).toMatchObject({ verdict: "valid" });
    expect(verify({ header: both, secrets: ["sk_whsec_other", OLD.secret] })).toMatchObject({ verdict: "valid" });
    expect(verify({ header: `t=${T}, v1=${NEW.v1}`, secrets: [OLD.secret, NEW.secret] })).toMatchObject({
      verdict: "valid",
    });
  });

  test("refuses another body, another secret and another time", () => {
    const mismatch = { verdict: "mismatch" };
    expect(verify({ rawBody: new TextEncoder().encode('{"task_id":"abd","status":"completed"}') })).toMatchObject(
      mismatch,
    );
    expect(verify({ secrets: [NEW.secret] })).toMatchObject(mismatch);
    expect(verify({ header: `t=${T + 1},v1=${OLD.v1}` })).toMatchObject(mismatch);
  });

  test("needs the whole secret, prefix included", () => {
    expect(verify({ secrets: [OLD.secret.replace("sk_whsec_", "")] })).toMatchObject({ verdict: "mismatch" });
  });

  test("refuses what is older, or newer, than the tolerance and says by how much", () => {
    expect(verify({ nowInSeconds: T + TOLERANCE_IN_SECONDS })).toMatchObject({ verdict: "valid" });
    expect(verify({ nowInSeconds: T - TOLERANCE_IN_SECONDS })).toMatchObject({ verdict: "valid" });
    expect(verify({ nowInSeconds: T + 301 })).toMatchObject({ verdict: "expired", ageInSeconds: 301 });
    expect(verify({ nowInSeconds: T - 301 })).toMatchObject({ verdict: "expired", ageInSeconds: -301 });
  });

  test("signs the timestamp as it is written", () => {
    expect(verify({ header: `t=0${T},v1=${OLD.v1}` })).toMatchObject({ verdict: "mismatch" });
  });

  test.each([[null], [""]])("calls %j missing", (header) => {
    expect(verify({ header })).toMatchObject({ verdict: "missing" });
  });

  test.each([
    ["nonsense"],
    [`t=${T}`],
    [`v1=${OLD.v1}`],
    [`t=soon,v1=${OLD.v1}`],
    [`t=-1,v1=${OLD.v1}`],
    [`t=${T},v1=`],
    [`t=${T},v1=${OLD.v1.toUpperCase()}`],
    [`t=${T},v0=${OLD.v1}`],
    [`t=${T},v1=${OLD.v1}00`],
  ])("calls %j malformed", (header) => {
    expect(verify({ header })).toMatchObject({ verdict: "malformed" });
  });

  test("counts the v1, for a person who reads the log", () => {
    expect(verify({ header: `t=${T},v1=${OLD.v1},v1=${NEW.v1}`, secrets: ["other"], nowInSeconds: T + 9 })).toEqual({
      verdict: "mismatch",
      count: 2,
      ageInSeconds: 9,
    });
  });

  test("finds the right one among ten thousand v1", () => {
    const many = Array.from({ length: 10_000 }, () => `v1=${"0".repeat(64)}`).join(",");
    expect(verify({ header: `t=${T},${many},v1=${OLD.v1}` })).toMatchObject({ verdict: "valid" });
  });
});

describe("signersOf", () => {
  const signers = (header: string) =>
    signersOf({ header, rawBody: BODY, secrets: [NEW.secret, "sk_whsec_other", OLD.secret] });

  test("tells each secret that has signed, whatever the age", () => {
    expect(signers(`t=${T},v1=${OLD.v1}`)).toEqual([false, false, true]);
    expect(signers(`t=${T},v1=${OLD.v1},v1=${NEW.v1}`)).toEqual([true, false, true]);
  });

  test("finds none in a header that can't be read", () => {
    for (const header of ["", `v1=${OLD.v1}`, `t=${T}`]) expect(signers(header)).toEqual([false, false, false]);
  });
});
