import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../../base/clock.js";
import { requireKey } from "../require-key.js";
import type {
  BucketObjects,
  Listed,
  ListOptions,
  ObjectPlace,
  ObjectWriter,
  Store,
  UnfinishedUploads,
} from "../store.js";
import { isVersioned } from "./bucket-versioning.js";
import { type S3Client, s3Client } from "./client.js";
import { type Collisions, type Conditions, type TrialMemory, usableConditions } from "./conditions.js";
import { type CopySource, copyObject } from "./copy-object.js";
import {
  copyProved,
  type NotCopied,
  type ProvedCopy,
  type ProvedCopyOptions,
  type ProvedSource,
} from "./copy-proved.js";
import type { CredentialProvider } from "./credentials.js";
import { type DescribedObject, describeObject } from "./describe-object.js";
import { type BucketLocation, hostOf } from "./endpoint.js";
import { type BucketExamination, examineBucket } from "./examine-bucket.js";
import { type GetOptions, getObject, headObject, type ObjectFacts, versionQuery } from "./get-object.js";
import { listObjects } from "./list-objects.js";
import { listUploads } from "./list-uploads.js";
import { abandon, type UploadOutcome } from "./multipart-upload.js";
import type { PresignedRead, PresignRequest } from "./presign.js";
import { probeConditions } from "./probe-conditions.js";
import { putObject, type Writing } from "./put-object.js";
import { deleteIfOlder, deleteObject, moveIfOlder, touchObject } from "./remove-object.js";
import { RETRY_POLICY, type RetryPolicy } from "./retry.js";
import { createSpool } from "./spool.js";
import { openSpooled, spoolReader } from "./spooled-reader.js";
import { createThrottle } from "./throttle.js";
import type { Transport } from "./transport.js";
import { type Uploaded, type UploadOptions, type UploadSource, uploadObject } from "./upload-object.js";

/** What a store on S3 stands on. */
export interface S3StoreOptions {
  readonly location: BucketLocation;
  /** The folder in the bucket, without slashes at its ends; empty for all of it. */
  readonly prefix: string;
  readonly credentials: CredentialProvider;
  readonly transport: Transport;
  /** Where the store may try the server out, from the store's root, with a slash at its end. */
  readonly probeKey: string;
  /** How the server takes conditions on writes; default: Amazon S3 is believed, any other server is tried out. */
  readonly conditions?: Conditions;
  /** What is done on a server that does not keep conditions. Default `"refused"`. */
  readonly collisions?: Collisions;
  /** What an earlier process found by trying the server out; default: nothing is kept. */
  readonly trials?: TrialMemory;
  /** Where objects that are written piece by piece wait, a local directory. */
  readonly spoolDirectory: string;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly newId?: () => string;
  readonly retry?: RetryPolicy;
}

/** A store on S3, with what S3 has beyond a store. */
export interface S3Store extends Store {
  readonly inBucket: BucketObjects;
  /** Reads an object, also an old version of it. */
  get(key: string, options?: GetOptions): ReturnType<Store["get"]>;
  /**
   * Makes sure that the server keeps conditions on writes, before long work relies on it.
   *
   * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` when it does not.
   */
  requireConditions(): Promise<void>;
  /** Finds out what the server and the bucket can do, also where that was believed or remembered until now. Some 50 requests. */
  examine(): Promise<StoreExamination>;
  /**
   * Whether every write makes a version that stays. Costs one small request, and three where that may not be asked, each time:
   * it may change.
   */
  isVersioned(): Promise<boolean>;
  /** Size, time, ETag and version of an object; `undefined`: absent. */
  inspect(key: string, options?: Pick<GetOptions, "versionId" | "signal">): Promise<ObjectFacts | undefined>;
  /** What an object of the bucket is, with the hash that the server's own checksum of it gives. */
  describe(
    place: ObjectPlace,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<DescribedObject | undefined>;
  /**
   * Makes a URL with which whoever has it reads an object for so many seconds, 1 to 604,800, or as long as the credentials last;
   * `undefined` where requests are not signed. Asks for nothing: what an answer about the bucket told of region and clock is used.
   */
  presign(place: ObjectPlace, options: PresignOptions): Promise<PresignedRead | undefined>;
  /** Writes an object of any size from bytes that can be read again. */
  upload(key: string, source: UploadSource, options: Omit<UploadOptions, "key">): Promise<Uploaded>;
  /** Copies an object of this server; no byte passes here. Not written: the source changed. */
  copyFrom(source: CopySource, key: string): Promise<UploadOutcome>;
  /** Copies an object of this server, which proves the hash of what it copied. */
  copyProved(
    source: ProvedSource,
    key: string,
    options: Omit<ProvedCopyOptions, "to">,
  ): Promise<ProvedCopy | NotCopied>;
  /** Milliseconds since 1970 by the server's clock, as far as its answers told. */
  now(): number;
}

/** How an object is read by a URL that was made for it. */
interface PresignOptions {
  readonly expiresInSeconds: number;
  /** The `content-disposition` of its answers. */
  readonly disposition: string;
}

/** What was found out of a store, for people. */
export interface StoreExamination extends BucketExamination {
  /** `host[:port]` that is asked. */
  readonly host: string;
  /** The last four letters of the access key that signs requests; `undefined`: they are not signed. */
  readonly keyEnd: string | undefined;
  /** By how much the server's clock is ahead, milliseconds. */
  readonly skewMs: number;
  /** What is done where it keeps no conditions. */
  readonly collisions: Collisions;
}

/** Touching an object is a copy: one that was used so shortly ago need not be marked again. */
const UNMARKED_MS = 24 * 3600 * 1000;
/** Requests at once, at the start and at most. */
const CONCURRENCY = { start: 32, most: 256 };

/**
 * A store in a bucket. Every request is signed for the configured endpoint and goes nowhere else; it is repeated with
 * growing pauses when that helps, and given up after ten tries or five minutes.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a bucket, region or endpoint that cannot be.
 */
export function s3Store(options: S3StoreOptions): S3Store {
  const { location, prefix, credentials, transport } = options;
  const { clock = systemClock, random = Math.random, newId = randomUUID, retry = RETRY_POLICY } = options;
  const throttle = createThrottle(CONCURRENCY);
  const client = s3Client({ location, credentials, transport, clock, random, retry, throttle });
  const root = prefix === "" ? "" : `${prefix}/`;
  const hasVersions = (): Promise<boolean> => isVersioned(writing, at(options.probeKey + newId()));
  const conditions = remembered(
    async () =>
      options.conditions ?? (location.endpoint === undefined ? "quoted" : tryOut(client, { ...options, hasVersions })),
  );
  const writing: Writing = { client, conditions, newId, collisions: options.collisions ?? "refused" };
  const at = (key: string): string => root + requireKey(key);
  const below = belowRoot(root);
  return {
    url: `s3://${location.bucket}${prefix === "" ? "" : `/${prefix}`}`,
    uploads: uploadsOf(client, root),
    inBucket: objectsOf(client, root),
    get: (key, get = {}) => getObject(client, at(key), get),
    requireConditions: async () => void (await usableConditions(writing)),
    mayCollide: async () => (await usableConditions(writing)) === "unsound",
    examine: () => examine(client, { ...options, root, clock }),
    isVersioned: hasVersions,
    inspect: (key, inspect = {}) => headObject(client, at(key), inspect),
    async head(key, head = {}) {
      const found = await headObject(client, at(key), head);
      return found && { key, size: found.size, modifiedMs: found.modifiedMs };
    },
    put: async (key, bytes, put = {}) => putObject(writing, at(key), { ...put, bytes }),
    describe: ({ key, versionId }, { signal } = {}) => describeObject(client, key, { versionId, signal }),
    presign: ({ key, versionId }, presign) => client.presign({ key, ...presignedRead(versionId, presign) }),
    upload: (key, source, upload) => uploadObject(writing, source, { ...upload, key: at(key) }),
    openReader: (key) => openSpooled(client, at(key), options.spoolDirectory),
    createWriter: () =>
      spooledWriter(options.spoolDirectory, (key, source, mode) =>
        uploadObject(writing, source, { key: at(key), mode }),
      ),
    touch: (key) => touchObject(writing, at(key)),
    delete: (key, remove = {}) => deleteObject(writing, at(key), remove),
    deleteIfOlder: (key, beforeMs) => deleteIfOlder(writing, at(key), beforeMs),
    moveIfOlder: (key, to, beforeMs) => moveIfOlder(writing, { from: at(key), to: at(to), beforeMs }),
    copyFrom: (source, key) => copyObject(writing, source, { to: at(key) }),
    copyProved: (source, key, copy) => copyProved(writing, source, { ...copy, to: at(key) }),
    async *list(keys: string, list: ListOptions = {}): AsyncGenerator<Listed, void, undefined> {
      for await (const item of listObjects(client, root + keys, list)) {
        yield "key" in item ? below(item) : { prefix: item.prefix.slice(root.length) };
      }
    },
    now: () => client.now(),
    unmarkedMs: UNMARKED_MS,
  };
}

function presignedRead(
  versionId: string | undefined,
  { expiresInSeconds, disposition }: PresignOptions,
): Omit<PresignRequest, "key"> {
  const query = { ...versionQuery(versionId), "response-content-disposition": disposition };
  return { query, expiresInSeconds };
}

/** Asks once; what failed for a network's reasons is asked again. */
function remembered<Found>(ask: () => Promise<Found>): () => Promise<Found> {
  let known: Promise<Found> | undefined;
  return () => {
    known ??= ask().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

async function examine(
  client: S3Client,
  options: S3StoreOptions & { readonly root: string; readonly clock: Clock },
): Promise<StoreExamination> {
  const { root, probeKey, trials, location, clock } = options;
  const found = await examineBucket(client, { root, place: root + probeKey });
  const { writing } = found;
  if (writing !== undefined)
    trials?.remember({ conditions: writing.conditions, isVersioned: client.hasVersions() === true });
  const signing = await options.credentials({ isRefused: false });
  const keyEnd = signing?.accessKeyId.slice(-4);
  const { collisions = "refused" } = options;
  return { ...found, host: hostOf(location), keyEnd, skewMs: client.now() - clock.now(), collisions };
}

/** Gives what is listed in the bucket the key that it has in the store. */
function belowRoot(root: string): <Item extends { readonly key: string }>(item: Item) => Item {
  return (item) => ({ ...item, key: item.key.slice(root.length) });
}

function uploadsOf(client: S3Client, root: string): UnfinishedUploads {
  return {
    async *list(options = {}) {
      for await (const upload of listUploads(client, root, options)) yield belowRoot(root)(upload);
    },
    drop: ({ key, uploadId }) => abandon(client, root + requireKey(key), uploadId),
  };
}

function objectsOf(client: S3Client, root: string): BucketObjects {
  return {
    bucket: client.bucket,
    keyOf: (key) => root + requireKey(key),
    keyIn: (key) => (key.startsWith(root) && key !== root ? key.slice(root.length) : undefined),
    find: ({ key, versionId }, { signal } = {}) => headObject(client, key, { versionId, signal }),
    read: async ({ key, versionId, etag }, { range, signal } = {}) =>
      (await getObject(client, key, { range, versionId, etag, signal }))?.bytes,
  };
}

/** Tries the server out, unless that was done before and nothing speaks against the answer. */
async function tryOut(
  client: S3Client,
  { trials, probeKey, prefix, hasVersions }: S3StoreOptions & { readonly hasVersions: () => Promise<boolean> },
): Promise<Conditions> {
  const tried = trials?.recall();
  const isStill = async (was: boolean): Promise<boolean> => (client.hasVersions() ?? (await hasVersions())) === was;
  if (tried !== undefined && (await isStill(tried.isVersioned))) return tried.conditions;
  const conditions = await probeConditions(client, (prefix === "" ? "" : `${prefix}/`) + probeKey);
  trials?.remember({ conditions, isVersioned: client.hasVersions() === true });
  return conditions;
}

function spooledWriter(
  directory: string,
  upload: (key: string, source: UploadSource, mode: UploadOptions["mode"]) => Promise<Uploaded>,
): ObjectWriter {
  const spool = createSpool(directory);
  let isHandedOn = false;
  return {
    write: (chunk) => spool.append(chunk),
    finish: async (key, mode) => (await upload(key, spool, mode)).written,
    openWritten() {
      isHandedOn = true;
      return spoolReader(spool);
    },
    async discard() {
      if (!isHandedOn) spool.dispose();
    },
  };
}
