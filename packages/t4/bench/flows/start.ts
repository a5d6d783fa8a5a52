import { join } from "node:path";
import { provide } from "../data/data-set.js";
import { smallFiles } from "../data/small-files.js";
import { t4Jobs } from "../peers/t4.js";
import { cold } from "../run/contenders.js";
import { LIMIT, node } from "../run/limits.js";
import type { Flow } from "../run/plan.js";

const C1 = { id: "C1", metric: "wallSeconds", against: [LIMIT.node], atMost: 1.3 } as const;

/** Starting the command: its version. */
export const startVersion: Flow = {
  name: "start-version",
  summary: () => "`--version`.",
  plan: async ({ scratch, peers }) => ({
    contenders: [
      cold("t4 --version", "t4", t4Jobs(scratch).version()),
      node(),
      ...peers.contenders({
        job: "version",
        place: { data: scratch, work: scratch },
      }),
    ],
    targets: [C1, { id: "C1", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 25 }],
  }),
};

/** Starting the command: its overview. */
export const startHelp: Flow = {
  name: "start-help",
  summary: () => "`--help`.",
  plan: async ({ scratch }) => ({
    contenders: [cold("t4 --help", "t4", t4Jobs(scratch).help()), node()],
    targets: [C1],
  }),
};

/** The smallest command that opens a package. */
export const startList: Flow = {
  name: "start-ls",
  summary: () => "`ls` of a package of 100 small files.",
  plan: async ({ scratch, cache }) => {
    const data = await provide(cache, smallFiles(100));
    const job = t4Jobs(join(scratch, "cache")).start({ data, work: join(scratch, "t4") });
    return { contenders: [cold("t4 ls", "t4", job), node()], targets: [] };
  },
};
