import type { Context } from "hono";
import { Hono } from "hono";
import type { PackageEntry } from "t4";
import { type ByteRange, parseRange } from "./byte-range.js";
import { contentTypeOf, partTypeOf } from "./content-type.js";
import { forFrames, IMMUTABLE, originOf, pagePolicy, RAW_POLICY } from "./headers.js";
import { notFound, problem } from "./problem.js";
import type { Services } from "./services.js";

/** Files up to this size are verified before their first byte is sent; larger ones are read as they are asked for. */
const VERIFIED_BYTES = 16 << 20;

/**
 * The bytes of packages, below addresses that each open one revision (see capability.ts). The session is not asked for:
 * pictures, players and frames can send no header.
 */
export function rawRoutes({ registries, revisions, capabilities }: Services): Hono {
  const app = new Hono();
  app.get("/-/raw/:mark/:reg/:ns/:name/:topHash/:path{.+}", async (context) => {
    const { mark, reg, ns, topHash, path, name: last } = context.req.param();
    const name = `${ns}/${last}`;
    const place = { registryId: reg, name, topHash };
    if (!capabilities.isValid(mark, place)) return locked(context);
    const { pkg } = await revisions(await registries.get(reg), { name, topHash });
    const entry = pkg.entry(path);
    const request = { context, path, own: `${originOf(context)}${capabilities.rawPath(place)}` };
    return send(request, entry).catch((error: unknown) => {
      throw isAbsent(error) ? absent(entry) : error;
    });
  });
  return app;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ERR_T4_NOT_FOUND");
}

function absent({ logicalKey, physicalKey }: PackageEntry): Error {
  return notFound(
    `The bytes of ${logicalKey} are gone: the manifest has them at ${physicalKey}, and there is nothing.`,
    "t4 fsck tells what else of this registry is damaged; another copy of it may still have them.",
  );
}

/** Answers to an address that was not made here. */
export function locked(context: Context): Response {
  return problem(context, 403, { code: "Locked", message: "This address opens nothing." });
}

interface RawRequest {
  readonly context: Context;
  readonly path: string;
  /** Whole address of the revision's bytes. */
  readonly own: string;
}

async function send(request: RawRequest, entry: PackageEntry): Promise<Response> {
  const { context } = request;
  const size = entry.size ?? 0;
  const range = parseRange(context.req.header("Range"), size);
  const headers = new Headers(headersOf(request, entry));
  if (range === "unsatisfiable") {
    headers.set("Content-Range", `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  const isWhole = range === undefined || (range.start === 0 && range.end === size);
  if (isWhole && size <= VERIFIED_BYTES) return sendVerified(await entry.bytes(), { range, headers });
  const wanted = range ?? { start: 0, end: size };
  headers.set("Content-Length", String(wanted.end - wanted.start));
  if (range !== undefined) setRange(headers, range, size);
  const body = context.req.method === "HEAD" ? null : await streamOf(entry, wanted);
  return new Response(body, { status: range === undefined ? 200 : 206, headers });
}

function sendVerified(
  bytes: Uint8Array,
  { range, headers }: { readonly range: ByteRange | undefined; readonly headers: Headers },
): Response {
  headers.set("T4-Verified", "1");
  if (range !== undefined) setRange(headers, range, bytes.length);
  return new Response(bytes as Uint8Array<ArrayBuffer>, { status: range === undefined ? 200 : 206, headers });
}

/** Parts are not kept: Chromium's cache gives fewer bytes back than it took where parts of one file overlap in time. */
function setRange(headers: Headers, { start, end }: ByteRange, size: number): void {
  headers.set("Content-Range", `bytes ${start}-${end - 1}/${size}`);
  headers.set("Cache-Control", "no-store");
}

function headersOf({ context, path, own }: RawRequest, entry: PackageEntry): Record<string, string> {
  const name = encodeURIComponent(path.slice(path.lastIndexOf("/") + 1)).replace(/['()*]/g, escapeMark);
  // At the top of a tab a package's page could lead the user elsewhere: there it is saved, never shown.
  const destination = context.req.header("Sec-Fetch-Dest");
  const isSaved = destination === "document" || context.req.query("download") !== undefined;
  const partType = isFramed(context, destination) ? partTypeOf(path, destination) : undefined;
  const isPage = partType !== undefined && destination === "iframe";
  return {
    "Accept-Ranges": "bytes",
    "Cache-Control": IMMUTABLE,
    "Content-Disposition": `${isSaved ? "attachment" : "inline"}; filename*=UTF-8''${name}`,
    "Content-Security-Policy": isPage ? pagePolicy(own) : RAW_POLICY,
    ...(isPage ? { "X-Frame-Options": "SAMEORIGIN" } : {}),
    "Content-Type": partType ?? contentTypeOf(path),
    ...forFrames(context),
    ...(entry.hash === undefined ? {} : { ETag: `"${entry.hash.value}"` }),
  };
}

/** Pages come into frames of the catalog, and what they are made of is asked for by frames that have no origin. */
function isFramed(context: Context, destination: string | undefined): boolean {
  return destination === "iframe" || context.req.header("Sec-Fetch-Site") === "cross-site";
}

function escapeMark(mark: string): string {
  return `%${mark.charCodeAt(0).toString(16)}`;
}

/** Reads the first piece before anything is sent, so that a file that is gone is an error and no short answer. */
async function streamOf(entry: PackageEntry, range: ByteRange): Promise<ReadableStream<Uint8Array>> {
  const chunks = entry.stream({ ...range, verify: false });
  let next = await chunks.next();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done === true) return controller.close();
      controller.enqueue(next.value);
      next = await chunks.next();
    },
    async cancel() {
      await chunks.return();
    },
  });
}
