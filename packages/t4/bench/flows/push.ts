import { join } from "node:path";
import { LARGE, SMALL } from "../data/sizes.js";
import { t4Jobs } from "../peers/t4.js";
import { cold, warm } from "../run/contenders.js";
import { copies, find, LIMIT, opensslAllCores, rawPuts } from "../run/limits.js";
import type { Flow, FlowContext, Plan, Target } from "../run/plan.js";
import { openSlowLine } from "../run/slow-line.js";

/** The first push of large files: hashing, copying and flushing everything. */
export const pushLarge: Flow = {
  name: "push-large",
  summary: ({ largeCount, largeMiB }) => `First push of ${largeCount} files of ${largeMiB} MiB to a folder.`,
  plan: async (context) =>
    firstPush(context, await context.large(), [
      { id: "D1", metric: "wallSeconds", against: [LIMIT.copy, LIMIT.opensslAllCores], atMost: 1.2, needs: LARGE },
      { id: "D1", metric: "wallSeconds", against: [LIMIT.copyThenHash], atMost: 0.55, needs: LARGE },
      { id: "D2", metric: "wallSeconds", against: [LIMIT.opensslAllCores, LIMIT.clone], atMost: 1.1, needs: LARGE },
      { id: "P1", metric: "peakMiB", against: [], atMost: 150, needs: LARGE },
    ]),
};

/** The first push of many small files. */
export const pushSmall: Flow = {
  name: "push-small",
  summary: ({ smallCount }) => `First push of ${smallCount} files of 1 to 4 KiB to a folder.`,
  plan: async (context) =>
    firstPush(context, await context.small(), [
      { id: "D1", metric: "wallSeconds", against: [LIMIT.copy], atMost: 0.5, needs: SMALL },
      { id: "D1", metric: "wallSeconds", against: [LIMIT.copyThenFlush], atMost: 1, needs: SMALL },
      { id: "P1", metric: "peakMiB", against: [], atMost: 150, needs: SMALL },
    ]),
};

/** Pushing many small files again of which the registry has all. */
export const repushSmall: Flow = {
  name: "repush-small",
  summary: ({ smallCount }) => `Push of ${smallCount} files of 1 to 4 KiB again, nothing changed.`,
  plan: async ({ small, scratch, peers }) => {
    const place = { data: await small(), work: join(scratch, "t4") };
    return {
      contenders: [
        warm("t4 push", "t4", t4Jobs(join(scratch, "cache")).push(place)),
        find(place.data),
        ...peers.contenders({ job: "push", place: { ...place, work: scratch }, isWarm: true }),
      ],
      targets: [],
    };
  },
};

/** The first push of large files to a bucket. */
export const pushLargeS3: Flow = {
  name: "push-s3-large",
  needsS3: true,
  summary: ({ largeCount, largeMiB }) => `First push of ${largeCount} files of ${largeMiB} MiB to a bucket of MinIO.`,
  plan: async (context) =>
    firstPushToBucket(context, await context.large(), [
      { id: "S3", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 3, needs: LARGE },
      { id: "S3", metric: "wallSeconds", against: ["aws-cli"], atMost: 1 / 1.6, needs: LARGE },
      { id: "S3", metric: "wallSeconds", against: ["rclone"], atMost: 1 / 1.6, needs: LARGE },
      { id: "S3", metric: "cpuSeconds", against: ["rclone"], atMost: 0.5, needs: LARGE },
      { id: "P1", metric: "peakMiB", against: [], atMost: 150, needs: LARGE },
    ]),
};

/** The first push of many small files to a bucket. */
export const pushSmallS3: Flow = {
  name: "push-s3-small",
  needsS3: true,
  summary: ({ smallCount }) => `First push of ${smallCount} files of 1 to 4 KiB to a bucket of MinIO.`,
  plan: async (context) =>
    firstPushToBucket(context, await context.small(), [
      { id: "S1", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 15, needs: { smallCount: 5000 } },
      { id: "S1", metric: "wallSeconds", against: ["aws-cli"], atMost: 1 / 15, needs: { smallCount: 5000 } },
      { id: "S1", metric: "wallSeconds", against: ["rclone"], atMost: 1, needs: { smallCount: 5000 } },
      { id: "S1", metric: "cpuSeconds", against: ["rclone"], atMost: 0.7, needs: { smallCount: 5000 } },
    ]),
};

/** How far away the server of `pushSlowS3` is, milliseconds there and back. */
const FAR_MS = 30;

/** The first push of many small files to a bucket that is far away. */
export const pushSlowS3: Flow = {
  name: "push-s3-far",
  needsS3: true,
  summary: ({ smallCount }) =>
    `First push of ${smallCount} files of 1 to 4 KiB to a bucket of MinIO, each answer ${FAR_MS} ms late.`,
  plan: async (context) => {
    const line = await openSlowLine(context.endpoint, FAR_MS);
    const plan = firstPushToBucket({ ...context, endpoint: line.endpoint }, await context.small(), [
      { id: "S2", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 30, needs: { smallCount: 5000 } },
      { id: "S2", metric: "wallSeconds", against: ["aws-cli"], atMost: 1 / 20, needs: { smallCount: 5000 } },
      { id: "S2", metric: "wallSeconds", against: ["rclone"], atMost: 1 / 2, needs: { smallCount: 5000 } },
    ]);
    return { ...plan, line };
  },
};

/** Pushing many small files again of which the bucket has all. */
export const repushSmallS3: Flow = {
  name: "repush-s3-small",
  needsS3: true,
  summary: ({ smallCount }) => `Push of ${smallCount} files of 1 to 4 KiB to a bucket of MinIO again, nothing changed.`,
  plan: async ({ small, scratch, peers, endpoint }) => {
    const place = { data: await small(), work: join(scratch, "t4"), s3: { endpoint, bucket: "bench" } };
    return {
      contenders: [
        warm("t4 push --dedupe", "t4", t4Jobs(join(scratch, "cache")).repushS3(place)),
        find(place.data),
        ...peers.contenders({ job: "pushS3", place: { ...place, work: scratch }, isWarm: true }),
      ],
      targets: [
        { id: "S4", metric: "requests", against: [], atMost: 5 },
        { id: "S4", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 100, needs: { smallCount: 5000 } },
      ],
    };
  },
};

function firstPushToBucket({ scratch, peers, endpoint }: FlowContext, data: string, targets: readonly Target[]): Plan {
  const place = { data, work: join(scratch, "t4"), s3: { endpoint, bucket: "bench" } };
  return {
    contenders: [
      cold("t4 push", "t4", t4Jobs(join(scratch, "cache")).pushS3(place)),
      rawPuts({ ...place, s3: { endpoint, bucket: "bench-raw" } }),
      opensslAllCores(data),
      ...peers.contenders({ job: "pushS3", place: { ...place, work: scratch } }),
    ],
    targets,
  };
}

function firstPush({ scratch, peers }: FlowContext, data: string, targets: readonly Target[]): Plan {
  const place = { data, work: join(scratch, "t4") };
  return {
    contenders: [
      cold("t4 push", "t4", t4Jobs(join(scratch, "cache")).push(place)),
      ...copies(data, place.work),
      opensslAllCores(data),
      ...peers.contenders({ job: "push", place: { data, work: scratch } }),
    ],
    targets,
  };
}
