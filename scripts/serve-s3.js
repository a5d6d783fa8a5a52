// Serves an S3 simulator on 127.0.0.1 with the buckets that the documentation speaks of, and prints its URL; ends with its
// standard input. The account is the testkit's.
import { serveSimulator } from "../packages/testkit/lib/s3/server.js";
import { createSimulator } from "../packages/testkit/lib/s3/simulator.js";

const simulator = createSimulator();
for (const name of ["lab-data", "archive", "mirror"]) simulator.createBucket(name, { versioning: "Enabled" });
simulator.createBucket("plain-data");
const server = await serveSimulator(simulator);
process.stdout.write(`${server.url}\n`);
process.stdin.resume().once("end", () => process.exit());
