import { execFileSync } from "node:child_process";

/** What a server of S3 answered since a moment. */
export interface Traffic {
  readonly requests: number;
  /** Of the tools, to the server. */
  readonly sentMiB: number;
  readonly receivedMiB: number;
}

/** Counters of MinIO, which cost nobody time: a proxy between would. */
const METRICS = "/minio/metrics/v3/api/requests";

/** Reads the counters of a server, by `curl`; the function that is given back tells what came since. */
export function readTraffic(endpoint: string): () => Traffic {
  const before = counters(endpoint);
  return () => {
    const after = counters(endpoint);
    return {
      requests: after.requests - before.requests,
      sentMiB: after.sentMiB - before.sentMiB,
      receivedMiB: after.receivedMiB - before.receivedMiB,
    };
  };
}

function counters(endpoint: string): Traffic {
  const text = execFileSync("curl", ["--silent", "--fail", `${endpoint}${METRICS}`], { encoding: "utf8" });
  const sum = (name: string): number =>
    Array.from(text.matchAll(new RegExp(`^minio_api_requests_${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm")))
      .map(([, value]) => Number(value))
      .reduce((total, value) => total + value, 0);
  return {
    requests: sum("total"),
    sentMiB: sum("traffic_received_bytes") / (1 << 20),
    receivedMiB: sum("traffic_sent_bytes") / (1 << 20),
  };
}
