import { existsSync } from "node:fs";
import { join } from "node:path";
import { Bucket, openRegistry, Package } from "t4";
import { ENGINE_ACCOUNT, type Engine } from "testkit/engines.js";
import { createClient, httpExchange } from "testkit/s3/client.js";

/** Makes a bucket, with versions as one would have them. */
export async function makeBucket({ url }: Engine, bucket: string): Promise<void> {
  const exchange = httpExchange(url);
  const client = createClient({ host: new URL(url).host, exchange, account: ENGINE_ACCOUNT });
  const body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
  const answers = [
    await client.send({ method: "PUT", bucket }),
    await client.send({ method: "PUT", bucket, query: { versioning: "" }, body }),
  ];
  exchange.close();
  if (answers.some(({ status }) => status !== 200)) throw new Error(`The bucket ${bucket} could not be made.`);
}

/** Publishes all that is in a folder's registry in a bucket: the workflows, each revision, oldest first, and tags. */
export async function copyRegistry(folder: string, bucket: string): Promise<void> {
  const [from, to] = [await openRegistry(folder), await openRegistry(bucket)];
  const workflows = join(folder, ".quilt/workflows/config.yml");
  if (existsSync(workflows)) await new Bucket(bucket).putFile(".quilt/workflows/config.yml", workflows);
  for await (const name of from.packages()) {
    const topHashes: string[] = [];
    for await (const { topHash } of from.log(name)) topHashes.unshift(topHash);
    const copies = new Map<string, string>();
    for (const topHash of topHashes) {
      const pkg = await Package.browse(name, { registry: folder, topHash });
      copies.set(topHash, await pkg.push(name, bucket, { message: pkg.message, force: true }));
    }
    for await (const { tag, topHash } of from.tags(name)) {
      const revision = copies.get(topHash);
      if (revision !== undefined) await to.tag(name, tag, { revision });
    }
  }
}
