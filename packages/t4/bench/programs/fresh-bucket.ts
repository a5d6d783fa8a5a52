// Makes a bucket of MinIO new and empty: fresh-bucket.js ENDPOINT BUCKET
import { ENGINE_ACCOUNT } from "testkit/engines.js";
import { createClient, httpExchange } from "testkit/s3/client.js";

const [, , endpoint = "", bucket = ""] = process.argv;
const exchange = httpExchange(endpoint);
const client = createClient({ host: new URL(endpoint).host, exchange, account: ENGINE_ACCOUNT });
// MinIO's own way to remove a bucket with all that is in it.
const removed = await client.send({ method: "DELETE", bucket, headers: { "x-minio-force-delete": "true" } });
if (removed.status !== 204 && removed.status !== 404) throw new Error(`${bucket}: ${removed.status} on its removal`);
const made = await client.send({ method: "PUT", bucket });
if (made.status !== 200) throw new Error(`${bucket}: ${made.status} on its making`);
exchange.close();
