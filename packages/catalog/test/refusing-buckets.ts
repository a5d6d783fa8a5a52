import { createServer, type IncomingMessage, request as newRequest, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { type BucketService, enterService } from "./s3-environment.js";

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

const NOBODY: BucketService["account"] = {
  accessKeyId: "AKIDOFNOBODY00000001",
  secretAccessKey: "secret-of-nobody-secret-of-nobody-000001",
};

/** Serves such buckets to this process, by the names of {@link REFUSALS}, and in front of another service all of its own. */
export function useRefusingBuckets(home: string, others?: BucketService): RefusingBuckets {
  const state: RefusingBuckets = { isRefusing: false };
  let leave: (() => void) | undefined;
  const server = createServer((request, response) => {
    const bucket = request.url?.split(/[/?]/)[1] ?? "";
    if (others !== undefined && !(bucket in REFUSALS)) return passOn(request, response, others.url);
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
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    leave = enterService(home, { url, account: others?.account ?? NOBODY });
  });
  afterAll(async () => {
    leave?.();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return state;
}

/** As it came, with the name of this host: that is what was signed. */
function passOn(request: IncomingMessage, response: ServerResponse, url: string): void {
  const { method, headers } = request;
  const passed = newRequest(url + (request.url ?? ""), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.destroy());
  request.pipe(passed);
}
