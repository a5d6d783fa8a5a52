import { connect } from "node:net";
import type { Account } from "../s3/account.js";
import { createClient, httpExchange, type S3Client, type S3Request } from "../s3/client.js";
import { expectStatus, type Subject } from "./fact.js";

/** How to ask an engine. */
export interface SubjectOptions {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly account: Account;
  readonly raceRounds: number;
  readonly minPartBytes: number;
}

/** Makes the buckets that facts are asked about. */
export async function openSubject({
  endpoint,
  account,
  ...counts
}: SubjectOptions): Promise<Subject & { readonly close: () => void }> {
  const { host } = new URL(endpoint);
  const exchange = httpExchange(endpoint);
  const clientOf = (who: Account | undefined, now: () => number = Date.now): S3Client =>
    createClient({ host, exchange, account: who, now });
  const client = clientOf(account);
  const run = Date.now().toString(36);
  const plainBucket = `t4-plain-${run}`;
  const versionedBucket = `t4-versioned-${run}`;
  for (const bucket of [plainBucket, versionedBucket]) expectStatus(await client.send({ method: "PUT", bucket }), 200);
  const body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
  const versioned = await client.send({ method: "PUT", bucket: versionedBucket, query: { versioning: "" }, body });
  let fresh = 0;
  return {
    ...counts,
    client,
    impostor: clientOf({ ...account, secretAccessKey: `not-${account.secretAccessKey}` }),
    anonymous: clientOf(undefined),
    late: clientOf(account, () => Date.now() - 3_600_000),
    exchange,
    host,
    vanish: async (request) => vanish(endpoint, client, request),
    plainBucket,
    versionedBucket: versioned.status === 200 ? versionedBucket : undefined,
    freshKey: () => `fact-${++fresh}`,
    close: () => exchange.close(),
  };
}

/** Sends a signed request's head and half its body over a socket of its own, then resets it. */
async function vanish(endpoint: string, client: S3Client, request: S3Request): Promise<void> {
  const { hostname, port } = new URL(endpoint);
  const { method, url, headers, body } = client.sign(request);
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(Number(port), hostname);
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.write(`${method} ${url} HTTP/1.1\r\n${head.join("")}\r\n`);
    socket.write(body.subarray(0, Math.floor(body.length / 2)), () => setTimeout(resolve, 50));
  });
  socket.destroy();
}
