import type { Download } from "@/lib/exports/download";
import { log } from "@/lib/log";

/**
 * Answers with a file that is made while it is sent: no faster than the client takes it, and no further once the client
 * has gone. Where it can't be finished the connection breaks, so that half a file never passes for a whole one.
 */
export function downloadResponse({ fileName, mediaType, chunks }: Download): Response {
  return new Response(toByteStream(chunks), {
    headers: {
      "content-type": mediaType,
      "content-disposition": contentDisposition(fileName),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      // A proxy that gathered it first would keep the client waiting, and take it all from us at once.
      "x-accel-buffering": "no",
    },
  });
}

function toByteStream(chunks: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        log.error("export_failed", error);
        // The cause stays out of it: Next logs this one whole, and a failed query's message holds people's data.
        controller.error(new Error("An export could not be finished."));
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

/** RFC 6266: a plain name for old clients, and the real one as RFC 5987 spells it. */
function contentDisposition(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
