import { join } from "node:path";
import { LARGE, SMALL } from "../data/sizes.js";
import { t4Jobs } from "../peers/t4.js";
import { cold } from "../run/contenders.js";
import { LIMIT, openssl, opensslAllCores } from "../run/limits.js";
import type { Flow } from "../run/plan.js";

/** The first build of large files: reading and hashing everything. */
export const buildLarge: Flow = {
  name: "build-large",
  summary: ({ largeCount, largeMiB }) => `First build of ${largeCount} files of ${largeMiB} MiB.`,
  plan: async ({ large, scratch, peers }) => {
    const place = { data: await large(), work: join(scratch, "t4") };
    return {
      contenders: [
        cold("t4 build", "t4", t4Jobs(join(scratch, "cache")).build(place)),
        opensslAllCores(place.data),
        openssl(place.data),
        ...peers.contenders({ job: "build", place: { ...place, work: scratch } }),
      ],
      targets: [
        { id: "B1", metric: "wallSeconds", against: [LIMIT.opensslAllCores], atMost: 1.15, plus: 0.06, needs: LARGE },
        { id: "B1", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 2, needs: LARGE },
        { id: "P1", metric: "peakMiB", against: [], atMost: 150, needs: LARGE },
      ],
    };
  },
};

/** The first build of many small files: opening each of them. */
export const buildSmall: Flow = {
  name: "build-small",
  summary: ({ smallCount }) => `First build of ${smallCount} files of 1 to 4 KiB.`,
  plan: async ({ small, scratch, peers, sizes }) => {
    const place = { data: await small(), work: join(scratch, "t4") };
    return {
      contenders: [
        cold("t4 build", "t4", t4Jobs(join(scratch, "cache")).build(place)),
        openssl(place.data),
        ...peers.contenders({ job: "build", place: { ...place, work: scratch } }),
      ],
      targets: [
        { id: "B2", metric: "wallSeconds", against: [LIMIT.openssl], atMost: 1.3, needs: SMALL },
        { id: "B2", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 12, needs: SMALL },
        { id: "B2", metric: "wallSeconds", against: ["restic"], atMost: 1 / 8, needs: SMALL },
        { id: "B2", metric: "wallSeconds", against: ["borg"], atMost: 1 / 8, needs: SMALL },
        {
          id: "P1",
          metric: "peakMiB",
          against: [],
          atMost: 150 + Math.ceil((16 * sizes.smallCount) / (1 << 20)),
          needs: SMALL,
        },
      ],
    };
  },
};
