import { T4Error } from "../../base/errors.js";

/** Where a bucket is. */
export interface BucketLocation {
  readonly bucket: string;
  /** `http(s)://host[:port][/path]` of a server other than Amazon S3. */
  readonly endpoint?: string;
  /** Default: found out for Amazon's buckets, `us-east-1` elsewhere. */
  readonly region?: string;
  /** Whether the bucket stands before the host's name or in the path; default: before it on Amazon S3, in the path elsewhere. */
  readonly addressing?: "virtual" | "path";
}

/** Where requests for a bucket go. */
export interface Address {
  /** `https://host[:port]`. */
  readonly origin: string;
  /** `host[:port]`, which is signed. */
  readonly host: string;
  /** What stands before a key: empty or `/bucket`, no trailing slash. */
  readonly path: string;
}

/** The region that Amazon's endpoint without a region belongs to, and that other servers know best. */
export const DEFAULT_REGION = "us-east-1";

/** Bucket names of all ages and engines; nothing that could become another host. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/;
/** A name that is one label of a host: one with dots would have no TLS certificate. */
const HOST_LABEL = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const REGION = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Where requests go: to the configured endpoint, else to Amazon's own host of the region, never to where an answer points.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for what is no bucket name, region or endpoint.
 */
export function addressOf(location: BucketLocation, region: string): Address {
  const { bucket, endpoint, addressing } = location;
  if (!BUCKET.test(bucket)) throw invalid("bucket name", bucket, "letters, digits, '.', '-' and '_'");
  if (!REGION.test(region)) throw invalid("region", region, "a name such as us-east-1");
  const { protocol, host, pathname } = endpoint === undefined ? amazon(region) : parseEndpoint(endpoint);
  const base = pathname.replace(/\/+$/, "");
  const fitsHost = HOST_LABEL.test(bucket);
  const isVirtual = addressing === undefined ? endpoint === undefined && fitsHost : addressing === "virtual";
  return isVirtual
    ? { origin: `${protocol}//${bucket}.${host}`, host: `${bucket}.${host}`, path: base }
    : { origin: `${protocol}//${host}`, host, path: `${base}/${bucket}` };
}

/** The server of a location, for people: `host[:port]`, or Amazon S3. */
export function hostOf({ endpoint }: BucketLocation): string {
  return endpoint === undefined ? "Amazon S3" : parseEndpoint(endpoint).host;
}

/** Whether a text may be taken for a region: what a server says is not trusted further. */
export function isRegion(text: string): boolean {
  return REGION.test(text);
}

function amazon(region: string): Pick<URL, "protocol" | "host" | "pathname"> {
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return { protocol: "https:", host: `s3.${region}.${suffix}`, pathname: "/" };
}

function parseEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isUsable =
    url !== undefined &&
    (url.protocol === "https:" || url.protocol === "http:") &&
    url.username + url.password + url.search + url.hash === "";
  if (isUsable) return url;
  // It may hold a password: it is not shown.
  throw new T4Error(
    "ERR_T4_USAGE",
    "The S3 endpoint cannot be used: expected http(s)://host[:port] and nothing else.",
    {
      hint: "Set AWS_ENDPOINT_URL_S3, or endpoint_url in the profile, to such a URL; credentials do not belong there.",
    },
  );
}

function invalid(what: string, found: string, expected: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `Invalid ${what} ${JSON.stringify(found)}: expected ${expected}.`, {
    facts: { found },
  });
}
