import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** Buckets that refuse, each in its own way: status and S3's word. */
export const REFUSALS = {
  denied: [403, "AccessDenied"],
  gone: [404, "NoSuchBucket"],
  expired: [400, "ExpiredToken"],
  "wrong-key": [403, "SignatureDoesNotMatch"],
} as const;

/** A service on this machine whose buckets are empty until they are told to refuse. */
export interface RefusingBuckets {
  isRefusing: boolean;
}

const EMPTY = `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>`;

/** Serves such buckets to this process, by the names of {@link REFUSALS}. */
export function useRefusingBuckets(home: string): RefusingBuckets {
  const state: RefusingBuckets = { isRefusing: false };
  const before = { ...process.env };
  const server = createServer((request, response) => {
    const bucket = request.url?.split(/[/?]/)[1] ?? "";
    const [status, code] = REFUSALS[bucket as keyof typeof REFUSALS] ?? [404, "NoSuchBucket"];
    response.setHeader("Content-Type", "application/xml");
    if (!state.isRefusing) return response.end(EMPTY);
    response.statusCode = status;
    return response.end(
      `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Refused, ${bucket}.</Message></Error>`,
    );
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    Object.assign(process.env, {
      HOME: join(home, "user"),
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "AKIDOFNOBODY00000001",
      AWS_SECRET_ACCESS_KEY: "secret-of-nobody-secret-of-nobody-000001",
      AWS_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    delete process.env["AWS_PROFILE"];
  });
  afterAll(async () => {
    process.env = before;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return state;
}
