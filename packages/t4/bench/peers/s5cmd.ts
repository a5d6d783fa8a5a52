import { freshBucket, s3Of } from "./bucket.js";
import type { Peer, Place } from "./peer.js";

/** s5cmd, which sends and gets 256 files at once; no history. What a push finds there in the same size, and not older, it leaves. */
export const s5cmd: Peer = {
  name: "s5cmd",
  install: "scripts/install-peers.sh",
  program: "s5cmd",
  version: (program) => [program, "version"],
  cannot: { push: "copies to S3 alone", install: "copies from S3 alone", installPath: "copies from S3 alone" },
  jobs: (program) => {
    const call = (place: Place, ...args: readonly string[]): string[] => [
      program,
      "--log=error",
      `--endpoint-url=${s3Of(place).endpoint}`,
      ...args,
    ];
    const bucket = (place: Place): string => `s3://${s3Of(place).bucket}`;
    const push = (place: Place): string[] => call(place, "sync", `${place.data}/`, `${bucket(place)}/`);
    return {
      version: () => ({ command: [program, "version"] }),
      pushS3: (place) => ({ reset: [freshBucket(place)], command: push(place), usesS3: true }),
      installS3: (place) => ({
        prepare: [freshBucket(place), { run: push(place) }],
        reset: [{ remove: place.work }],
        command: call(place, "cp", `${bucket(place)}/*`, `${place.work}/`),
        usesS3: true,
      }),
    };
  },
};
