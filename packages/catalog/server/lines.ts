/** Work that reports what it finds, line by line, until nobody reads it any more. */
export type LineWork<Line> = (send: (line: Line) => void, signal: AbortSignal) => Promise<void>;

/** The lines of some work as they come, each JSON; cancelling it stops the work. */
export function linesWhile<Line>(work: LineWork<Line>): ReadableStream<Uint8Array> {
  const controller = new AbortController();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async start(stream) {
      const send = (line: Line): void => {
        if (!controller.signal.aborted) stream.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      await work(send, controller.signal);
      if (!controller.signal.aborted) stream.close();
    },
    cancel() {
      controller.abort();
    },
  });
}
