import { join } from "node:path";
import { SMALL } from "../data/sizes.js";
import { t4Jobs } from "../peers/t4.js";
import { warm } from "../run/contenders.js";
import { find, LIMIT } from "../run/limits.js";
import type { Flow } from "../run/plan.js";

/** Building large files again that did not change. */
export const rebuildLarge: Flow = {
  name: "rebuild-large",
  summary: ({ largeCount, largeMiB }) => `Build of ${largeCount} files of ${largeMiB} MiB again, nothing changed.`,
  plan: async ({ large, scratch, peers }) => {
    const place = { data: await large(), work: join(scratch, "t4") };
    return {
      contenders: [
        warm("t4 build", "t4", t4Jobs(join(scratch, "cache")).build(place)),
        find(place.data),
        ...peers.contenders({ job: "build", place: { ...place, work: scratch }, isWarm: true }),
      ],
      targets: [],
    };
  },
};

/** Building many small files again that did not change. */
export const rebuildSmall: Flow = {
  name: "rebuild-small",
  summary: ({ smallCount }) => `Build of ${smallCount} files of 1 to 4 KiB again, nothing changed.`,
  plan: async ({ small, scratch, peers }) => {
    const place = { data: await small(), work: join(scratch, "t4") };
    return {
      contenders: [
        warm("t4 build", "t4", t4Jobs(join(scratch, "cache")).build(place)),
        find(place.data),
        ...peers.contenders({ job: "build", place: { ...place, work: scratch }, isWarm: true }),
      ],
      targets: [
        { id: "B3", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 25, needs: SMALL },
        { id: "B3", metric: "wallSeconds", against: ["restic"], atMost: 1 / 5, needs: SMALL },
        { id: "B3", metric: "wallSeconds", against: ["borg"], atMost: 1 / 10, needs: SMALL },
        { id: "B3", metric: "wallSeconds", against: [LIMIT.find], atMost: 1.5, needs: { smallCount: 1_000_000 } },
      ],
    };
  },
};
