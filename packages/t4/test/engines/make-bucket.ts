import { ENGINE_ACCOUNT, type Engine } from "testkit/engines.js";
import { createClient, httpExchange } from "testkit/s3/client.js";
import { expect } from "vitest";

let buckets = 0;

/** Makes a new bucket on an engine. */
export async function makeBucket(
  { url }: Engine,
  { isVersioned }: { readonly isVersioned: boolean },
): Promise<{ readonly bucket: string }> {
  const bucket = `t4-${isVersioned ? "versioned" : "plain"}-${Date.now().toString(36)}-${process.pid}-${++buckets}`;
  const exchange = httpExchange(url);
  const client = createClient({ host: new URL(url).host, exchange, account: ENGINE_ACCOUNT });
  const send = async (request: Parameters<typeof client.send>[0]): Promise<void> => {
    for (;;) {
      const { status } = await client.send(request);
      if (status === 200) return;
      // A throttled engine says so.
      expect(status).toBe(503);
    }
  };
  await send({ method: "PUT", bucket });
  const body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
  if (isVersioned) await send({ method: "PUT", bucket, query: { versioning: "" }, body });
  exchange.close();
  return { bucket };
}
