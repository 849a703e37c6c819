/**
 * Spans of the pipeline. Without an exporter (see app/start-tracing.ts) all of it does nothing: the package behind it is
 * the interface alone.
 */
import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type TimeInput,
  TraceFlags,
  trace,
} from "@opentelemetry/api";

/** By this name the exporter tells our spans from Next's, whose attributes may repeat addresses. */
export const TRACER_NAME = "sixtyfour-dashboard";

/** The W3C `traceparent` of the span that all belongs to at this moment; null where nothing is traced. */
export function traceparent(): string | null {
  return toTraceparent(trace.getActiveSpan());
}

/** The id of the trace that all belongs to at this moment; null where nothing is traced. */
export function traceId(): string | null {
  return trace.getActiveSpan()?.spanContext().traceId ?? null;
}

/**
 * Runs `work` within a span. `parent` is the `traceparent` of the span that it goes on from, where that is not the one of
 * this moment. Of an error the span has the name alone: its message may repeat a value.
 */
export async function inSpan<T>(
  name: string,
  { parent, attributes = {} }: { parent?: string | null; attributes?: Attributes },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const from = parent ? contextOf(parent) : context.active();
  return trace.getTracer(TRACER_NAME).startActiveSpan(name, { attributes }, from, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "unknown" });
      throw error;
    } finally {
      span.end();
    }
  });
}

/**
 * Records a span that is over already: whose it is was only known at its end, or it lasted longer than any process.
 *
 * @returns its `traceparent`, for spans within it; null where nothing is traced
 */
export function recordSpan(
  name: string,
  given: { parent?: string | null; startedAt: TimeInput; endedAt?: TimeInput; attributes?: Attributes },
): string | null {
  const from = given.parent ? contextOf(given.parent) : context.active();
  const options = { startTime: given.startedAt, attributes: given.attributes ?? {} };
  const span = trace.getTracer(TRACER_NAME).startSpan(name, options, from);
  span.end(given.endedAt);
  return toTraceparent(span);
}

function toTraceparent(span: Span | undefined): string | null {
  const { traceId: id, spanId, traceFlags } = span?.spanContext() ?? { traceFlags: TraceFlags.NONE };
  // What is not sampled is exported by nobody, so nothing need join it.
  return id && spanId && (traceFlags & TraceFlags.SAMPLED) !== 0 ? `00-${id}-${spanId}-01` : null;
}

function contextOf(parent: string): Context {
  const [, id, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(parent) ?? [];
  if (!id || !spanId) return context.active();
  const spanContext = { traceId: id, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, spanContext);
}
