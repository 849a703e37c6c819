/** Bodies that no well-meaning sender sends, each sort under its name. */
import type { SeededRandom } from "@/sandbox/seeded-random";

export type MakeBody = (random: SeededRandom, taskId: string) => string | Uint8Array;

const DEPTH = 10_000;
const RESULT = { name: "Ada", company: "Analytical Engines", email: [["ada@example.com", "OK"]], cost_cents: 5 };

/** The event as Sixtyfour sends it. */
export function rightEvent(taskId: string): Record<string, unknown> {
  return { task_id: taskId, status: "completed", task_type: "find_email", result: RESULT };
}

/** JSON text of the event whose `field` is this text, whether it is JSON or not. */
function eventWith(taskId: string, field: string, text: string): string {
  const others = Object.entries(rightEvent(taskId)).filter(([name]) => name !== field);
  return `{${[...others.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`), `"${field}":${text}`].join()}}`;
}

function wrongValue(random: SeededRandom): unknown {
  return random.pick([null, true, 0, -1, 1.5, "", "text", [], {}, [null], { a: { b: [] } }, [[]], "\u0007", 2 ** 53]);
}

function anyJson(random: SeededRandom, depth = 0): unknown {
  if (depth > 4 || random.chance(0.4)) return wrongValue(random);
  const size = random.int(0, 4);
  if (random.chance(0.5)) return Array.from({ length: size }, () => anyJson(random, depth + 1));
  const names = ["task_id", "status", "result", "error", "task_type", "run_id", "event_id", "x", ""] as const;
  return Object.fromEntries(Array.from({ length: size }, () => [random.pick(names), anyJson(random, depth + 1)]));
}

function anyBytes(random: SeededRandom, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.int(0, 255));
}

const FIELDS = ["task_id", "status", "task_type", "result", "error"] as const;
const ODD_TEXTS = ["\\u0000", "a\\u0000b", "\\u0000\\u0000"] as const;
const LONE_SURROGATES = ["\\ud800", "\\udfff", "a\\udc00b", "\\ud83d\\ud83d"] as const;

/** The same odd text as a value, in a key, deep in the result. */
function withOddText(random: SeededRandom, taskId: string, odd: string): string {
  const field = random.pick(FIELDS);
  return random.pick([
    eventWith(taskId, field, `"${odd}"`),
    eventWith(taskId, "result", `{"${odd}":1,"a":{"${odd}":["${odd}"]}}`),
    eventWith(taskId, "result", `{"name":"${odd}","email":[["${odd}","OK"]]}`),
    eventWith(taskId, odd, "1"),
    eventWith(`${taskId}${odd}`.replaceAll("\\u0000", "\0"), "x", "1"),
  ]);
}

export const BODIES: Record<string, MakeBody> = {
  "right event": (_, taskId) => JSON.stringify(rightEvent(taskId)),
  empty: (random) => random.pick(["", " ", "\n\t\r\n", "\uFEFF"]),
  "not JSON": (random, taskId) => {
    const text = JSON.stringify(rightEvent(taskId));
    return random.pick([
      text.slice(0, random.int(1, text.length - 1)),
      `${text}${text}`,
      `\uFEFF${text}`,
      "<html><body>502</body></html>",
      "task_id=1&status=completed",
      text.replaceAll('"', "'"),
      `${text},`,
    ]);
  },
  "JSON, but no object": (random) => random.pick(["null", "true", "42", '"text"', "[]", "[[]]", "-0", "1e400"]),
  "array of events": (_, taskId) => JSON.stringify([rightEvent(taskId), rightEvent(taskId)]),
  "10,000 levels deep": (random, taskId) => {
    const arrays = "[".repeat(DEPTH) + "]".repeat(DEPTH);
    const objects = `${'{"a":'.repeat(DEPTH)}1${"}".repeat(DEPTH)}`;
    const deep = random.pick([arrays, objects]);
    return random.pick([deep, eventWith(taskId, random.pick(FIELDS), deep), eventWith(taskId, "extra", deep)]);
  },
  "invalid UTF-8": (random, taskId) => {
    const [before = "", after = ""] = JSON.stringify(rightEvent(taskId)).split("Ada");
    const invalid = random.pick([[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80], [0xc0, 0xaf]]);
    return random.pick([
      Buffer.concat([Buffer.from(before), Buffer.from(invalid), Buffer.from(after)]),
      Buffer.from(`\uFEFF${before}Ada${after}`, "utf16le"),
      anyBytes(random, random.int(1, 300)),
    ]);
  },
  "U+0000": (random, taskId) => withOddText(random, taskId, random.pick(ODD_TEXTS)),
  "lone surrogates": (random, taskId) => withOddText(random, taskId, random.pick(LONE_SURROGATES)),
  "numbers beyond double": (random, taskId) => {
    const number = random.pick(["1e999", "-1e999", "1e-999", "123456789012345678901234567890", "0.1e-400", "-0"]);
    return random.pick([
      eventWith(taskId, "result", `{"cost_cents":${number},"confidence_score":${number}}`),
      eventWith(taskId, random.pick(FIELDS), number),
    ]);
  },
  "__proto__ and constructor": (random, taskId) =>
    random.pick([
      eventWith(taskId, "__proto__", '{"isAdmin":true,"status":"failed"}'),
      eventWith(taskId, "constructor", '{"prototype":{"status":"failed"}}'),
      eventWith(taskId, "result", '{"__proto__":{"email":1},"constructor":1,"toString":2,"hasOwnProperty":null}'),
      '{"__proto__":{"task_id":"x","status":"completed"}}',
      eventWith(taskId, "result", '{"toJSON":"x","then":"y","length":-1}'),
    ]),
  "duplicate keys": (random, taskId) => {
    const text = JSON.stringify(rightEvent(taskId)).slice(0, -1);
    return `${text},"${random.pick(FIELDS)}":${JSON.stringify(wrongValue(random))},"status":"completed"}`;
  },
  "unknown status": (random, taskId) =>
    JSON.stringify({
      ...rightEvent(taskId),
      status: random.pick(["running", "COMPLETED", "Failed ", "continued_as_new", "💥", "x".repeat(5_000), "null"]),
    }),
  "completed without result": (random, taskId) => {
    const { result: _, ...event } = rightEvent(taskId);
    return JSON.stringify(random.chance(0.5) ? event : { ...event, result: null });
  },
  failed: (random, taskId) =>
    JSON.stringify({
      task_id: taskId,
      status: "failed",
      error: random.pick(["No luck.", "", null, wrongValue(random)]),
    }),
  "wrong type of a field": (random, taskId) =>
    JSON.stringify({ ...rightEvent(taskId), [random.pick(FIELDS)]: wrongValue(random) }),
  "missing field": (random, taskId) => JSON.stringify({ ...rightEvent(taskId), [random.pick(FIELDS)]: undefined }),
  "huge strings": (random, taskId) => {
    const huge = random.pick(["x", "é", "\\", "🙂", "<"]).repeat(random.int(20_000, 400_000));
    const field = random.pick(FIELDS);
    return JSON.stringify({ ...rightEvent(taskId), [field]: field === "result" ? { name: huge } : huge });
  },
  "many keys": (random, taskId) => {
    const count = random.int(1_000, 20_000);
    const result = Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));
    return JSON.stringify({ ...rightEvent(taskId), result: random.chance(0.5) ? result : Object.values(result) });
  },
  "workflow envelope": (random, taskId) => {
    const envelope = { event_id: "e-1", run_id: "r-1", event: "outgoing_webhook.completed", results: [RESULT] };
    return JSON.stringify(
      random.pick<unknown>([
        envelope,
        { ...envelope, results_download_url: "https://example.com/x.csv" },
        { ...envelope, task_id: taskId },
        { ...envelope, ...rightEvent(taskId) },
        { run_id: 1 },
        { event_id: "" },
      ]),
    );
  },
  "any JSON": (random) => JSON.stringify(anyJson(random)),
};
