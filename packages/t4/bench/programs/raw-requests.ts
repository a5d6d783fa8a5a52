// The least that S3 takes: one signed request a file, with its bytes, on kept connections.
// raw-requests.js put|get DIRECTORY ENDPOINT BUCKET
import { mkdirSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ENGINE_ACCOUNT } from "testkit/engines.js";
import { createClient, httpExchange, type S3Request } from "testkit/s3/client.js";

const IN_FLIGHT = 16;
const [, , verb, directory = "", endpoint = "", bucket = ""] = process.argv;
const exchange = httpExchange(endpoint);
const client = createClient({ host: new URL(endpoint).host, exchange, account: ENGINE_ACCOUNT });

async function send(request: S3Request): Promise<Uint8Array> {
  const { status, body } = await client.send({ bucket, ...request });
  if (status !== 200) throw new Error(`${request.method} ${request.key}: ${status}`);
  return body;
}

async function put(key: string): Promise<void> {
  await send({ method: "PUT", key, body: await readFile(join(directory, key)) });
}

async function get(key: string): Promise<void> {
  const path = join(directory, key);
  mkdirSync(dirname(path), { recursive: true });
  await writeFile(path, await send({ method: "GET", key }));
}

/** The names of the files are an object, too, so that a reader need not list. */
const INDEX = "index.json";
const here = (): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => relative(directory, join(file.parentPath, file.name)));
const there = async (): Promise<string[]> =>
  JSON.parse(Buffer.from(await send({ method: "GET", key: INDEX })).toString()) as string[];

const keys = verb === "put" ? here() : await there();
const work = verb === "put" ? put : get;
const left = keys.values();
await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    for (const key of left) await work(key);
  }),
);
if (verb === "put") await send({ method: "PUT", key: INDEX, body: JSON.stringify(keys) });
exchange.close();
