import { freshBucket, s3Of } from "./bucket.js";
import type { Peer, Place } from "./peer.js";

/** The AWS command line; no history. What a push finds there in the same size, and not older, it leaves. */
export const awsCli: Peer = {
  name: "aws-cli",
  install: "scripts/install-peers.sh",
  program: "aws",
  version: (program) => [program, "--version"],
  cannot: { push: "copies to S3 alone", install: "copies from S3 alone", installPath: "copies from S3 alone" },
  jobs: (program) => {
    const call = (...args: readonly string[]): string[] => [program, "s3", ...args, "--only-show-errors"];
    const bucket = (place: Place): string => `s3://${s3Of(place).bucket}`;
    const push = (place: Place): string[] => call("sync", place.data, bucket(place));
    return {
      version: () => ({ command: [program, "--version"] }),
      pushS3: (place) => ({ reset: [freshBucket(place)], command: push(place), usesS3: true }),
      installS3: (place) => ({
        prepare: [freshBucket(place), { run: push(place) }],
        reset: [{ remove: place.work }],
        command: call("cp", "--recursive", bucket(place), place.work),
        usesS3: true,
      }),
    };
  },
};
