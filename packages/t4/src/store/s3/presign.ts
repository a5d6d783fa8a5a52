import type { CredentialProvider, Credentials } from "./credentials.js";
import { addressOf, type BucketLocation } from "./endpoint.js";
import type { Learned } from "./learned.js";
import { encodeKey, presignedQuery } from "./sign.js";

/** A reading request that somebody else is to send. */
export interface PresignRequest {
  /** From the bucket's root. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  /** From 1 to 604,800, as servers allow. */
  readonly expiresInSeconds: number;
}

/** A URL that reads an object for whoever has it. */
export interface PresignedRead {
  readonly url: string;
  /** When it stops, milliseconds since 1970 by the server's clock. */
  readonly expiresAtMs: number;
}

/** Whose name stands under it, and where it is sent. */
interface Signer {
  readonly location: BucketLocation;
  readonly credentials: CredentialProvider;
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
}

/**
 * Signs a request for somebody else, with what answers told of region and clock; `undefined` where requests are not signed. A URL
 * stops with the credentials that signed it: where these end before, fresh ones are asked for.
 */
export async function presign(
  { location, credentials, ...clock }: Signer,
  { region }: Pick<Learned, "region">,
  { key, query, expiresInSeconds }: PresignRequest,
): Promise<PresignedRead | undefined> {
  // Signatures know whole seconds.
  const now = Math.floor(clock.now / 1000) * 1000;
  const wanted = now + expiresInSeconds * 1000;
  const present = await credentials({ isRefused: false });
  const signing = present !== undefined && endOf(present) < wanted ? await credentials({ isRefused: true }) : present;
  if (signing === undefined) return undefined;
  const expiresAtMs = Math.min(wanted, endOf(signing));
  const { origin, host, path: base } = addressOf(location, region);
  const path = `${base}/${encodeKey(key)}`;
  const seconds = Math.max(1, Math.floor((expiresAtMs - now) / 1000));
  const signed = presignedQuery({ method: "GET", host, path, query }, signing, {
    now,
    region,
    expiresInSeconds: seconds,
  });
  return { url: `${origin}${path}?${signed}`, expiresAtMs };
}

function endOf({ expiresAtMs = Number.POSITIVE_INFINITY }: Credentials): number {
  return expiresAtMs;
}
