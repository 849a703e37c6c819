import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { trace } from "@opentelemetry/api";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTracing } from "@/app/start-tracing";
import { divertLog } from "@/lib/log";
import { dispatch } from "@/lib/pipeline/dispatch";
import { pollTask } from "@/lib/pipeline/poll";
import { submitLead } from "@/lib/pipeline/submit";
import { confirmList, createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
}

let bench: TestBench;
let collector: Server;
let tracing: ReturnType<typeof startTracing>;
let bodies: string[] = [];
beforeAll(async () => {
  collector = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  tracing = startTracing({ isServerless: false });
  bench = await createTestBench();
});
afterAll(async () => {
  await bench.close();
  await new Promise((resolve) => collector.close(resolve));
});
beforeEach(async () => {
  bodies = [];
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
});

/** All that has reached the collector. */
async function collected(): Promise<Span[]> {
  await tracing.flush();
  type Body = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
  return bodies.flatMap((body) =>
    (JSON.parse(body) as Body).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

const named = (spans: Span[], name: string) => {
  const [span, ...more] = spans.filter((one) => one.name === name);
  if (!span || more.length > 0) throw new Error(`Not one span is named ${name}: ${spans.map((one) => one.name)}`);
  return span;
};

const attributeOf = (span: Span, key: string) => span.attributes.find((attribute) => attribute.key === key)?.value;

async function submit() {
  const { taskId } = await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const job = (await bench.sandbox.jobs()).at(-1);
  return { taskId, jobId: job?.taskId ?? "", token: tokenOf(job) };
}

const completed = (jobId: string) => ({ task_id: jobId, status: "completed", result: { email: [["a@ae.example"]] } });

test("from its submit to its delivery a task is one trace", async () => {
  const lines: string[] = [];
  const endDiversion = divertLog((line) => lines.push(line));
  const { taskId, jobId, token } = await submit();
  await deliver(bench.context, completed(jobId), { token });
  endDiversion();
  const spans = await collected();
  expect(spans.map(({ name }) => name).sort()).toEqual([
    "settle",
    "sixtyfour POST /find-email-async",
    "submit",
    "task",
    "webhook",
  ]);
  const traceIds = [...spans, ...lines.map((line): Span => JSON.parse(line))].map((told) => told.traceId);
  expect(lines).toHaveLength(2);
  expect(new Set(traceIds).size).toBe(1);
  const sent = named(spans, "submit");
  for (const name of ["sixtyfour POST /find-email-async", "webhook", "task"]) {
    expect(named(spans, name).parentSpanId).toBe(sent.spanId);
  }
  expect(named(spans, "settle").parentSpanId).toBe(named(spans, "webhook").spanId);
  for (const name of ["submit", "webhook", "task"]) {
    expect(attributeOf(named(spans, name), "task.id")).toEqual({ stringValue: taskId });
  }
  const whole = named(spans, "task");
  expect(attributeOf(whole, "task.via")).toEqual({ stringValue: "webhook" });
  expect(BigInt(whole.endTimeUnixNano)).toBeGreaterThan(BigInt(sent.endTimeUnixNano));
  expect(BigInt(whole.startTimeUnixNano)).toBeLessThan(BigInt(named(spans, "webhook").startTimeUnixNano));
  expect(bodies.join()).not.toMatch(/Ada|Analytical|a@ae|token=/);
});

test("a delivery that takes the longer way, and one that is a duplicate, join it as well", async () => {
  const { taskId, jobId, token } = await submit();
  await bench.context.db.execute(`update tasks set status = 'unconfirmed' where id = '${taskId}'`);
  await deliver(bench.context, completed(jobId), { token });
  await deliver(bench.context, completed(jobId), { token });
  const spans = await collected();
  const webhooks = spans.filter(({ name }) => name === "webhook");
  expect(webhooks.map((span) => attributeOf(span, "delivery.outcome")?.stringValue)).toEqual(["applied", "duplicate"]);
  const { traceId, spanId } = named(spans, "submit");
  expect(webhooks).toMatchObject([1, 2].map(() => ({ traceId, parentSpanId: spanId })));
  expect(named(spans, "task")).toMatchObject({ traceId });
});

test("a poll that brings the end joins the trace of a submit that another round made", async () => {
  await confirmList(bench.context, { kind: "people_intelligence", count: 1 });
  await dispatch(bench.context, { forMs: 5_000 });
  const [job] = await bench.sandbox.jobs();
  await bench.sandbox.release(job?.taskId ?? "");
  const before = await collected();
  const taskId = attributeOf(named(before, "submit"), "task.id")?.stringValue ?? "";
  await pollTask(bench.context, { taskId, by: "app" });
  const spans = await collected();
  const { traceId, spanId } = named(spans, "submit");
  expect(named(spans, "poll")).toMatchObject({ traceId, parentSpanId: spanId });
  for (const name of ["settle", "sixtyfour GET /job-status", "task"]) {
    expect(named(spans, name)).toMatchObject({ traceId });
  }
});

test("what belongs to no task of ours is a trace of its own", async () => {
  await deliver(bench.context, completed(randomUUID()), { token: "nobodys" });
  expect(named(await collected(), "webhook").parentSpanId ?? "").toBe("");
});

test("of Next's own spans the addresses, the errors' words and the fetches stay here", async () => {
  const tracer = trace.getTracer("next.js");
  const target = "/api/webhooks/sixtyfour?token=unguessable";
  const attributes = { "next.span_type": "BaseServer.handleRequest", "http.method": "POST", "http.target": target };
  const request = tracer.startSpan("POST /api/webhooks/sixtyfour", { attributes });
  request.recordException(new Error("of Ada Lovelace"));
  request.setStatus({ code: 2, message: "of Ada Lovelace" });
  request.end();
  const link = { "next.span_type": "AppRender.fetch", "http.url": "https://files.example/?signature=unguessable" };
  tracer.startSpan(`fetch GET ${link["http.url"]}`, { attributes: link }).end();
  const inner = { "next.span_type": "NextNodeServer.findPageComponents" };
  tracer.startSpan("resolve page components", { attributes: inner }).end();
  trace.getTracer("somebody").startSpan("unguessable").end();
  const spans = await collected();
  expect(spans.map(({ name }) => name)).toEqual(["POST /api/webhooks/sixtyfour"]);
  expect(bodies.join()).not.toMatch(/unguessable|Lovelace/);
});
