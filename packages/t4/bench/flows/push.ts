import { join } from "node:path";
import { t4Jobs } from "../peers/t4.js";
import { cold, warm } from "../run/contenders.js";
import { copies, find, LIMIT, opensslAllCores } from "../run/limits.js";
import type { Flow, FlowContext, Plan, Target } from "../run/plan.js";

const COPYING = ["quilt3", "t4-2019", "rsync", "restic", "borg", "rclone"];

/** The first push of large files: hashing, copying and flushing everything. */
export const pushLarge: Flow = {
  name: "push-large",
  summary: ({ largeCount, largeMiB }) => `First push of ${largeCount} files of ${largeMiB} MiB to a folder.`,
  plan: async (context) =>
    firstPush(context, await context.large(), [
      { id: "D1", metric: "wallSeconds", against: [LIMIT.copy, LIMIT.opensslAllCores], atMost: 1.2 },
      { id: "D1", metric: "wallSeconds", against: [LIMIT.copyThenHash], atMost: 0.55 },
      { id: "D2", metric: "wallSeconds", against: [LIMIT.opensslAllCores, LIMIT.clone], atMost: 1.1 },
      { id: "P1", metric: "peakMiB", against: [], atMost: 150 },
    ]),
};

/** The first push of many small files. */
export const pushSmall: Flow = {
  name: "push-small",
  summary: ({ smallCount }) => `First push of ${smallCount} files of 1 to 4 KiB to a folder.`,
  plan: async (context) =>
    firstPush(context, await context.small(), [
      { id: "D1", metric: "wallSeconds", against: [LIMIT.copy], atMost: 0.5 },
      { id: "D1", metric: "wallSeconds", against: [LIMIT.copyThenFlush], atMost: 1 },
      { id: "P1", metric: "peakMiB", against: [], atMost: 150 },
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
        ...peers.contenders({ names: COPYING, job: "push", place: { ...place, work: scratch }, isWarm: true }),
      ],
      targets: [],
    };
  },
};

function firstPush({ scratch, peers }: FlowContext, data: string, targets: readonly Target[]): Plan {
  const place = { data, work: join(scratch, "t4") };
  return {
    contenders: [
      cold("t4 push", "t4", t4Jobs(join(scratch, "cache")).push(place)),
      opensslAllCores(data),
      ...copies(data, place.work),
      ...peers.contenders({ names: COPYING, job: "push", place: { data, work: scratch } }),
    ],
    targets,
  };
}
