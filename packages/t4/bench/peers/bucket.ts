import { join } from "node:path";
import { BENCH } from "../paths.js";
import type { Step } from "../run/plan.js";
import type { Place } from "./peer.js";

/** The server and the bucket of a job on S3. @throws TypeError when the flow gave none. */
export function s3Of({ s3 }: Place): NonNullable<Place["s3"]> {
  if (s3 === undefined) throw new TypeError("A job on S3 needs a server and a bucket.");
  return s3;
}

/** Makes the job's bucket new and empty. */
export function freshBucket(place: Place): Step {
  const { endpoint, bucket } = s3Of(place);
  return { run: [process.execPath, join(BENCH, "lib/programs/fresh-bucket.js"), endpoint, bucket] };
}
