import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLineReader } from "../../render/line-reader.js";
import { readAtMost } from "../../render/read-bytes.js";

const MIB = 1 << 20;
const FILES: Readonly<Record<string, Buffer>> = {
  "/short": Buffer.from("a\nb\n"),
  "/empty": Buffer.alloc(0),
  "/large": Buffer.alloc(8 * MIB, "x"),
  "/long-line": Buffer.from(`first\n${"x".repeat(3 * MIB)}\nlast\n`),
  "/one-line": Buffer.alloc(20 * MIB, "x"),
  "/many": Buffer.from("line\n".repeat(500_000)),
};
let server: Server;
let origin: string;
let sent = 0;

beforeAll(async () => {
  server = createServer(({ url = "", headers }, response) => {
    const all = FILES[url] as Buffer;
    const [, first = "", last = ""] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    if (Number(first) >= all.length) {
      response.writeHead(416).end();
      return;
    }
    const part = all.subarray(Number(first), Number(last || all.length) + 1);
    sent += part.length;
    response.writeHead(206, { "Content-Range": `bytes ${first}-${Number(first) + part.length - 1}/${all.length}` });
    response.end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  sent = 0;
});

const file = (path: string, size = 0) => ({ raw: origin + path, size });
const { signal } = new AbortController();

describe("a file that is read whole", () => {
  it("is read no further than it may be large, whatever is known of its size", async () => {
    await expect(readAtMost(file("/large"), { most: MIB })).rejects.toMatchObject({ code: "TooLarge" });
    expect(sent).toBe(MIB + 1);
    await expect(readAtMost(file("/large", 8 * MIB), { most: MIB })).rejects.toMatchObject({ code: "TooLarge" });
    expect(sent).toBe(MIB + 1);
  });

  it("is all of it, also of nothing", async () => {
    expect(Buffer.from(await readAtMost(file("/short", 4), { most: 4 })).toString()).toBe("a\nb\n");
    expect(await readAtMost(file("/empty"), { most: 4 })).toHaveLength(0);
    expect(await readAtMost(file("/large"), { most: 8 * MIB })).toHaveLength(8 * MIB);
  });
});

describe("lines", () => {
  it("go on behind one that is longer than a piece", async () => {
    const reader = createLineReader(file("/long-line", FILES["/long-line"]?.length));
    await reader.more(signal);
    expect(reader.lines.map(({ length }) => length)).toEqual([5, MIB - 6]);
    await reader.more(signal);
    expect(reader.lines.map(({ length }) => length)).toEqual([5, 3 * MIB, 4]);
    expect(reader.isAtEnd).toBe(true);
  });

  it("of a file that is one are not read to its end", async () => {
    const reader = createLineReader(file("/one-line", 20 * MIB));
    await reader.more(signal);
    expect([reader.lines.length, reader.isAtEnd, sent]).toEqual([1, false, 8 * MIB]);
  });

  it("are read piece by piece, also where the size is not known", async () => {
    const reader = createLineReader(file("/many"));
    await reader.more(signal);
    expect([reader.isAtEnd, sent]).toEqual([false, MIB]);
    await reader.more(signal);
    await reader.more(signal);
    expect([reader.lines.length, reader.isAtEnd]).toEqual([500_000, true]);
    const short = createLineReader(file("/short", 4));
    await short.more(signal);
    expect([short.lines, short.isAtEnd]).toEqual([["a", "b"], true]);
  });
});
