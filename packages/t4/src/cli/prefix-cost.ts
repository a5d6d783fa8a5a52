import type { PackageEntry } from "t4";
import type { CliContext } from "./context.js";
import type { PushSource } from "./push-source.js";
import { bytes, counted } from "./render.js";
import { shown } from "./shown.js";

/** Longest piece that is read or copied in one request, bytes. */
const PIECE_BYTES = 8 << 20;
/** Objects that one request lists. */
const PAGE_OBJECTS = 1000;
/** What publishing takes beside the data: the manifest, `latest`, the history. */
const PUBLISHING = { writes: 10, reads: 10 };
/** Amazon S3's list prices in November 2026, us-east-1, dollars. */
const PRICES = { thousandWrites: 0.005, thousandReads: 0.0004, gibibyteOut: 0.09 };
const GIBIBYTE = 1 << 30;

/** What registering objects of a bucket takes. */
interface Cost {
  /** Requests that list, write or copy. */
  readonly writes: number;
  /** Requests that look or read. */
  readonly reads: number;
  /** Bytes that pass this machine. */
  readonly bytes: number;
}

/**
 * Says of a dry run what registering a prefix takes; tells whether there are objects of which the server keeps no hash: then the top
 * hash is not known without reading them.
 */
export function tellPrefixCost(context: CliContext, { pkg, registry }: PushSource, copy = "missing"): boolean {
  const entries = Array.from(pkg.walk(), ([, entry]) => entry);
  const unhashed = entries.filter(({ hash }) => hash === undefined);
  if (unhashed.length > 0) {
    const sizes = unhashed.map(({ size = 0 }) => size);
    const what = `${counted(unhashed.length, "object")} of ${counted(pkg.count, "object")} without a hash on the server`;
    context.err(
      shown`${what}: ${bytes(sum(sizes))} would be read in ${counted(sum(sizes.map(pieces)), "request")}, or copied and hashed inside the server where that can. The top hash is known then. Nothing was published.\n`,
    );
  }
  const cost = costOf(entries, registry, copy);
  const requests = (cost.writes * PRICES.thousandWrites + cost.reads * PRICES.thousandReads) / 1000;
  const traffic = (cost.bytes / GIBIBYTE) * PRICES.gibibyteOut;
  context.err(
    shown`In all about ${counted(cost.writes + cost.reads, "request")} and ${bytes(cost.bytes)} through this machine: ${dollars(requests)} at Amazon S3's list prices, and ${dollars(traffic)} more outside of its region.\n`,
  );
  return unhashed.length > 0;
}

function costOf(entries: readonly PackageEntry[], registry: string, copy: string): Cost {
  const isLeft = copy === "none" || copy === "local";
  const own = registry.startsWith("s3://") ? bucketOf(registry) : undefined;
  const each = entries.map((entry): Cost => {
    const isThere = bucketOf(entry.physicalKey ?? "") === own && copy !== "all";
    if (isLeft || isThere) return entry.hash === undefined ? read(entry) : NOTHING;
    return own === undefined ? read(entry) : copied(entry);
  });
  return {
    writes: PUBLISHING.writes + Math.ceil(entries.length / PAGE_OBJECTS) + sum(each.map(({ writes }) => writes)),
    // Each was looked at for its size and hash.
    reads: PUBLISHING.reads + entries.length + sum(each.map(({ reads }) => reads)),
    bytes: sum(each.map(({ bytes: passing }) => passing)),
  };
}

const NOTHING: Cost = { writes: 0, reads: 0, bytes: 0 };

function read({ size = 0 }: PackageEntry): Cost {
  return { writes: 0, reads: pieces(size), bytes: size };
}

/** Inside the server; a large one is an upload in parts. */
function copied({ size = 0 }: PackageEntry): Cost {
  return { ...NOTHING, writes: size < PIECE_BYTES ? 1 : pieces(size) + 2 };
}

function bucketOf(url: string): string | undefined {
  return /^s3:\/\/([^/?]+)/.exec(url)?.[1];
}

function pieces(size: number): number {
  return Math.max(1, Math.ceil(size / PIECE_BYTES));
}

function dollars(amount: number): string {
  return amount < 0.01 ? "less than $0.01" : `$${amount.toFixed(2)}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
