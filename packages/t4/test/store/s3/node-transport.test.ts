import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { nodeTransport } from "#t4/store/s3/node-transport.js";

const open: { close: () => unknown }[] = [];
beforeEach(() => {
  // The clock of deadlines alone: those of connections are not of this kind.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  for (const each of open.splice(0)) each.close();
});

const MINUTE_MS = 60_000;
const KIB = 1024;

/** Asks a server that answers so; `heard` resolves when it has begun to. */
async function ask(method: string, answer: RequestListener, { body = new Uint8Array(0), idleMs = 30_000 } = {}) {
  const server = createServer();
  const heard = once(server, "request");
  server.on("request", answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const transport = nodeTransport();
  open.push(transport, { close: () => server.closeAllConnections() }, server);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const headers = { "content-length": String(body.length) };
  const request = { method, origin, url: "/", headers, body, maxBytes: 16 * KIB * KIB, idleMs };
  let end: unknown;
  const asked = transport(request).then(
    ({ status }) => (end = status),
    (error: Error) => (end = error.message),
  );
  await heard;
  return { asked, ended: () => end };
}

/** Time enough for what has arrived to be heard. */
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
};

it.each(["HEAD", "GET"])("ends a %s whose answer does not begin in a minute", async (method) => {
  const { asked, ended } = await ask(method, () => undefined);
  vi.advanceTimersByTime(MINUTE_MS - 1);
  await settle();
  expect(ended()).toBeUndefined();
  vi.advanceTimersByTime(1);
  expect(await asked).toMatch(/too slow/);
});

it("gives a server that may work for minutes as long as it may be silent", async () => {
  const { asked, ended } = await ask("PUT", () => undefined, { idleMs: 5 * MINUTE_MS });
  vi.advanceTimersByTime(5 * MINUTE_MS - 1);
  await settle();
  expect(ended()).toBeUndefined();
  vi.advanceTimersByTime(1);
  expect(await asked).toMatch(/too slow/);
});

it("gives a request a second for each 8 KiB that it sends", async () => {
  const { asked, ended } = await ask("PUT", () => undefined, { body: new Uint8Array(80 * KIB) });
  vi.advanceTimersByTime(MINUTE_MS + 9999);
  await settle();
  expect(ended()).toBeUndefined();
  vi.advanceTimersByTime(1);
  expect(await asked).toMatch(/too slow/);
});

it.each([
  ["so long as it says to be", { "content-length": String(80 * KIB) }, 10_000],
  ["that does not say how long it is, and may be as long as is taken", {}, 2 * KIB * 1000],
])("gives an answer a second for each 8 KiB: one %s", async (_, headers, extraMs) => {
  const { asked, ended } = await ask("GET", (_request, outgoing) => {
    outgoing.writeHead(200, headers);
    outgoing.write("x");
  });
  await settle();
  vi.advanceTimersByTime(MINUTE_MS + extraMs - 1);
  await settle();
  expect(ended()).toBeUndefined();
  vi.advanceTimersByTime(1);
  expect(await asked).toMatch(/too slow/);
});
