import { type Attributes, context, DiagLogLevel, diag, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { log } from "@/lib/log";
import { TRACER_NAME } from "@/lib/tracing";

/** Of Next's spans these are sent on. Its `http.target` and `http.url` repeat tokens, searches and signed links. */
const KEPT_OF_NEXT = ["http.method", "http.route", "http.status_code", "error.type", "next.route", "next.span_type"];

/**
 * What Next does within a request is its own affair, and its fetches have spans of ours, without addresses. Nothing of
 * ours begins within one of these.
 */
const LEFT_OF_NEXT =
  /^(LoadComponents|NextNodeServer|RouteModule|AppRouteRouteModule|Instrumentation|ResolveMetadata)\.|\.fetch$/;

/**
 * Sends spans to the collector that OpenTelemetry's own variables name (OTEL_EXPORTER_OTLP_ENDPOINT and its like,
 * OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES). Imported only where there is one.
 *
 * No propagator is set, so a caller's `traceparent` is ignored: our doors are open to the internet, and a stranger's
 * header must not choose what is traced. Our own travels with the stored send.
 *
 * @returns a way to send at once what is still here
 */
export function startTracing({ isServerless }: { isServerless: boolean }): { flush(): Promise<void> } {
  const exporter = new OTLPTraceExporter();
  // A host that freezes the process after an answer gives a batch no time to fill.
  const sending = isServerless ? new SimpleSpanProcessor({ exporter }) : new BatchSpanProcessor({ exporter });
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": TRACER_NAME }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [withoutWhatIsPrivate(sending)],
  });
  // A collector that is out of reach costs its spans and nothing else, and is told.
  const ignore = () => {};
  const toLog = { error: (message: string) => log.error("traces_not_sent", message.slice(0, 200)) };
  diag.setLogger({ ...toLog, warn: ignore, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.ERROR);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return { flush: () => provider.forceFlush() };
}

function withoutWhatIsPrivate(next: SpanProcessor): SpanProcessor {
  return {
    onStart: (span, parent) => next.onStart(span, parent),
    onEnd(span) {
      const kept = sendable(span);
      if (kept) next.onEnd(kept);
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}

/**
 * A span as it may leave: ours as it is; Next's requests by their kind and route, without errors' messages; no others.
 */
function sendable(span: ReadableSpan): ReadableSpan | null {
  if (span.instrumentationScope.name === TRACER_NAME) return span;
  const type = span.attributes["next.span_type"];
  if (typeof type !== "string" || LEFT_OF_NEXT.test(type)) return null;
  const attributes: Attributes = {};
  for (const name of KEPT_OF_NEXT) if (name in span.attributes) attributes[name] = span.attributes[name];
  // A request is named after its method and route, never after its address.
  const name = type === "BaseServer.handleRequest" ? span.name : type;
  const told = { name, attributes, events: [], links: [], status: { code: span.status.code } };
  return Object.create(
    span,
    Object.fromEntries(Object.entries(told).map(([key, value]) => [key, { value, enumerable: true }])),
  );
}
