import { join } from "node:path";
import { SMALL } from "../data/sizes.js";
import { t4Jobs } from "../peers/t4.js";
import { warm } from "../run/contenders.js";
import { find } from "../run/limits.js";
import type { Contender, Flow } from "../run/plan.js";

const UNCHANGED = "t4 build, nothing edited";

/** One of many files edited, then a build. */
export const editOne: Flow = {
  name: "edit-one",
  summary: ({ smallCount }) => `One of ${smallCount} small files edited, then built again.`,
  plan: async ({ small, scratch, peers }) => {
    // The edit is made in a copy: the generated data stays as it is.
    const source = await small();
    const data = join(scratch, "data");
    const copy = { run: ["cp", "-r", source, data] };
    const { build } = t4Jobs(join(scratch, "cache"));
    const edited = (contender: Contender): Contender => ({
      ...contender,
      before: [{ edit: join(data, "d0000", "f000.bin") }],
      // Everyone sees the file at another of its edits.
      printsTopHash: false,
    });
    const t4 = warm("t4 build", "t4", build({ data, work: join(scratch, "t4") }));
    const others = peers.contenders({
      names: ["quilt3", "restic", "borg"],
      job: "build",
      place: { data, work: scratch },
      isWarm: true,
    });
    return {
      contenders: [
        edited({ ...t4, prepare: [copy, ...t4.prepare] }),
        { ...warm(UNCHANGED, "limit", build({ data: source, work: join(scratch, "same") })), printsTopHash: false },
        find(data),
        ...others.map((other) => ("absent" in other ? other : edited(other))),
      ],
      targets: [{ id: "B4", metric: "wallSeconds", against: [UNCHANGED], atMost: 1, plus: 0.3, needs: SMALL }],
    };
  },
};
