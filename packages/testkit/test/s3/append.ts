import type { S3Client, S3Request } from "testkit/s3/client.js";
import type { HttpResponse } from "testkit/s3/message.js";

/** A list of names that is kept in one object, and how its writers guard it. */
export interface NameList {
  readonly bucket: string;
  readonly key: string;
  /** `naive`: what was read before is written back with one name more, whoever else wrote meanwhile. */
  readonly guard: "quoted" | "unquoted" | "naive";
}

/** Repeats a request until it has an answer that says something. */
export async function ask(client: S3Client, request: S3Request): Promise<HttpResponse> {
  for (;;) {
    const response = await client.send(request).catch(() => undefined);
    if (response !== undefined && response.status < 500 && response.status !== 409) return response;
  }
}

/** The names of a list. */
export async function namesIn(client: S3Client, { bucket, key }: NameList): Promise<string[]> {
  const { status, body } = await ask(client, { method: "GET", bucket, key });
  return status === 404 ? [] : Buffer.from(body).toString().split(" ");
}

/** Adds a name by compare-and-swap: the smallest writer that loses nothing on a sound engine, whatever the network does. */
export async function append(client: S3Client, { bucket, key, guard }: NameList, name: string): Promise<void> {
  for (;;) {
    const { status, body, headers } = await ask(client, { method: "GET", bucket, key });
    const names = status === 404 ? [] : Buffer.from(body).toString().split(" ");
    if (names.includes(name)) return;
    const etag = headers["etag"] ?? "";
    const match = guard === "quoted" ? etag : etag.replaceAll('"', "");
    const condition: Record<string, string> = status === 404 ? { "if-none-match": "*" } : { "if-match": match };
    const put = {
      method: "PUT",
      bucket,
      key,
      body: [...names, name].join(" "),
      headers: guard === "naive" ? {} : condition,
    };
    if ((await ask(client, put)).status === 200) return;
  }
}
