import { afterTest } from "testkit/after.js";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { createClient, httpExchange, type S3Client } from "testkit/s3/client.js";
import { type S3Server, type ServerOptions, serveSimulator } from "testkit/s3/server.js";
import { createSimulator, type Simulator, type SimulatorOptions } from "testkit/s3/simulator.js";

/** A simulator that is served for one test, with a client of its first account and a versioned bucket `b`. */
export async function loopback(
  options: SimulatorOptions = {},
  serverOptions: ServerOptions = {},
): Promise<{ readonly simulator: Simulator; readonly server: S3Server; readonly client: S3Client }> {
  const simulator = createSimulator(options);
  const server = await serveSimulator(simulator, serverOptions);
  simulator.createBucket("b", { versioning: "Enabled" });
  const exchange = httpExchange(server.url);
  const account = simulator.accounts[0] ?? TEST_ACCOUNT;
  for (const each of [exchange, server]) afterTest(() => each.close());
  const client = createClient({ host: `127.0.0.1:${server.port}`, exchange, account, now: simulator.now });
  return { simulator, server, client };
}

/** A document or body as text. */
export const text = ({ body }: { readonly body: Uint8Array }): string => Buffer.from(body).toString();
