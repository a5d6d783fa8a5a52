import { join } from "node:path";
import { LARGE, SMALL } from "../data/sizes.js";
import { t4Jobs } from "../peers/t4.js";
import { cold, warm } from "../run/contenders.js";
import { copies, find, LIMIT, opensslAllCores, rawGets } from "../run/limits.js";
import type { Flow, FlowContext, Plan, Target } from "../run/plan.js";

/** Installing large files: copying and verifying everything. */
export const installLarge: Flow = {
  name: "install-large",
  summary: ({ largeCount, largeMiB }) => `First install of ${largeCount} files of ${largeMiB} MiB.`,
  plan: async (context) =>
    firstInstall(context, await context.large(), [
      { id: "D1", metric: "wallSeconds", against: [LIMIT.copy, LIMIT.opensslAllCores], atMost: 1.2, needs: LARGE },
      { id: "D2", metric: "wallSeconds", against: [LIMIT.opensslAllCores, LIMIT.clone], atMost: 1.1, needs: LARGE },
      { id: "P1", metric: "peakMiB", against: [], atMost: 150, needs: LARGE },
    ]),
};

/** Installing many small files. */
export const installSmall: Flow = {
  name: "install-small",
  summary: ({ smallCount }) => `First install of ${smallCount} files of 1 to 4 KiB.`,
  plan: async (context) =>
    firstInstall(context, await context.small(), [
      { id: "I2", metric: "wallSeconds", against: [LIMIT.copy], atMost: 0.6, needs: SMALL },
      { id: "P1", metric: "peakMiB", against: [], atMost: 150, needs: SMALL },
    ]),
};

/** Installing once more what is there. */
export const reinstallSmall: Flow = {
  name: "reinstall-small",
  summary: ({ smallCount }) => `Install of ${smallCount} files of 1 to 4 KiB again, nothing changed.`,
  plan: async ({ small, scratch, peers }) => {
    const place = { data: await small(), work: join(scratch, "t4") };
    return {
      contenders: [
        warm("t4 install", "t4", t4Jobs(join(scratch, "cache")).install(place)),
        find(place.data),
        ...peers.contenders({
          job: "install",
          place: { ...place, work: scratch },
          isWarm: true,
        }),
      ],
      targets: [{ id: "I2", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 10, needs: SMALL }],
    };
  },
};

/** Installing one directory of a package of many files. */
export const installPath: Flow = {
  name: "install-path",
  summary: ({ smallCount }) => `Install of one directory of 100 files, of a package of ${smallCount}.`,
  plan: async ({ small, scratch, peers }) => {
    const place = { data: await small(), work: join(scratch, "t4"), path: "d0003" };
    const copy = join(scratch, "copy");
    return {
      contenders: [
        cold("t4 install --path", "t4", t4Jobs(join(scratch, "cache")).installPath(place)),
        cold(LIMIT.copy, "limit", {
          reset: [{ remove: copy }],
          command: ["cp", "-r", join(place.data, place.path), copy],
        }),
        ...peers.contenders({ job: "installPath", place: { ...place, work: scratch } }),
      ],
      targets: [],
    };
  },
};

/** Installing large files from a bucket. */
export const installLargeS3: Flow = {
  name: "install-s3-large",
  needsS3: true,
  summary: ({ largeCount, largeMiB }) =>
    `First install of ${largeCount} files of ${largeMiB} MiB from a bucket of MinIO.`,
  plan: async (context) =>
    firstInstallFromBucket(context, await context.large(), [
      { id: "I1", metric: "wallSeconds", against: ["aws-cli"], atMost: 1 / 1.2, needs: LARGE },
    ]),
};

/** Installing many small files from a bucket. */
export const installSmallS3: Flow = {
  name: "install-s3-small",
  needsS3: true,
  summary: ({ smallCount }) => `First install of ${smallCount} files of 1 to 4 KiB from a bucket of MinIO.`,
  plan: async (context) =>
    firstInstallFromBucket(context, await context.small(), [
      { id: "I1", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 10, needs: { smallCount: 5000 } },
      { id: "I1", metric: "wallSeconds", against: ["aws-cli"], atMost: 1 / 10, needs: { smallCount: 5000 } },
      { id: "I1", metric: "wallSeconds", against: ["rclone"], atMost: 1, needs: { smallCount: 5000 } },
    ]),
};

function firstInstallFromBucket(
  { scratch, peers, endpoint }: FlowContext,
  data: string,
  targets: readonly Target[],
): Plan {
  const place = { data, work: join(scratch, "t4"), s3: { endpoint, bucket: "bench" } };
  return {
    contenders: [
      cold("t4 install", "t4", t4Jobs(join(scratch, "cache")).installS3(place)),
      rawGets({ ...place, s3: { endpoint, bucket: "bench-raw" } }),
      ...peers.contenders({ job: "installS3", place: { ...place, work: scratch } }),
    ],
    targets,
  };
}

function firstInstall({ scratch, peers }: FlowContext, data: string, targets: readonly Target[]): Plan {
  const place = { data, work: join(scratch, "t4") };
  return {
    contenders: [
      cold("t4 install", "t4", t4Jobs(join(scratch, "cache")).install(place)),
      ...copies(data, place.work),
      opensslAllCores(data),
      ...peers.contenders({ job: "install", place: { data, work: scratch } }),
    ],
    targets,
  };
}
