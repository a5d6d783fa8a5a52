import { join } from "node:path";
import { t4Jobs } from "../peers/t4.js";
import { cold } from "../run/contenders.js";
import { openssl, opensslAllCores } from "../run/limits.js";
import type { Contender, Flow, FlowContext, Plan } from "../run/plan.js";

/** Checking every byte of large files. */
export const verifyLarge: Flow = {
  name: "verify-large",
  summary: ({ largeCount, largeMiB }) => `Verification of ${largeCount} files of ${largeMiB} MiB.`,
  plan: async (context) => verification(context, await context.large(), opensslAllCores),
};

/** Checking every byte of many small files. */
export const verifySmall: Flow = {
  name: "verify-small",
  summary: ({ smallCount }) => `Verification of ${smallCount} files of 1 to 4 KiB.`,
  plan: async (context) => verification(context, await context.small(), openssl),
};

function verification({ scratch, peers }: FlowContext, data: string, limit: (data: string) => Contender): Plan {
  return {
    contenders: [
      cold("t4 verify", "t4", t4Jobs(join(scratch, "cache")).verify({ data, work: join(scratch, "t4") })),
      limit(data),
      ...peers.contenders({
        names: ["quilt3", "t4-2019", "rsync", "restic", "borg", "rclone"],
        job: "verify",
        place: { data, work: scratch },
      }),
    ],
    targets: [],
  };
}
