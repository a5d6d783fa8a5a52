import { join } from "node:path";
import { ROWS } from "../data/sizes.js";
import { t4Jobs } from "../peers/t4.js";
import { cold } from "../run/contenders.js";
import { LIMIT, lines, node } from "../run/limits.js";
import type { Flow } from "../run/plan.js";

const PEERS = ["quilt3"];

/** Reading a large manifest, with its top hash. */
export const manifestLoad: Flow = {
  name: "manifest-load",
  summary: ({ rows }) => `A manifest of ${rows} rows read, its top hash computed.`,
  plan: async ({ rows, scratch, peers }) => {
    const place = { data: await rows(), work: scratch };
    return {
      contenders: [
        cold("t4 library", "t4", t4Jobs(scratch).load(place)),
        lines(join(place.data, "first.jsonl")),
        node(),
        ...peers.contenders({ names: PEERS, job: "load", place }),
      ],
      targets: [
        { id: "M1", metric: "wallSeconds", against: ["quilt3"], atMost: 1 / 20, needs: ROWS },
        { id: "M1", metric: "wallSeconds", against: [], atMost: 1, needs: ROWS },
        { id: "M1", metric: "peakMiB", against: [], atMost: 100, needs: ROWS },
      ],
    };
  },
};

/** Listing one directory of a large package. */
export const manifestList: Flow = {
  name: "manifest-ls",
  summary: ({ rows }) => `\`ls\` of one directory of 1000 files in a package of ${rows}. quilt3 lists the top.`,
  plan: async ({ rows, scratch, peers }) => {
    const place = { data: await rows(), work: scratch };
    return {
      contenders: [
        cold("t4 ls", "t4", t4Jobs(scratch).list({ ...place, path: "/d00003" })),
        node(),
        ...peers.contenders({ names: PEERS, job: "list", place }),
      ],
      targets: [
        { id: "M2", metric: "wallSeconds", against: [], atMost: 0.1, needs: ROWS },
        { id: "M2", metric: "wallSeconds", against: PEERS, atMost: 1 / 100, needs: ROWS },
      ],
    };
  },
};

/** Comparing two large manifests with few differences. */
export const manifestDiff: Flow = {
  name: "manifest-diff",
  summary: ({ rows }) => `Two revisions of ${rows} rows compared, of which 100 differ.`,
  plan: async ({ rows, scratch, peers }) => {
    const place = { data: await rows(), work: scratch };
    return {
      contenders: [
        cold("t4 diff", "t4", t4Jobs(scratch).diff(place)),
        cold(LIMIT.lines, "limit", {
          command: ["wc", "-l", join(place.data, "first.jsonl"), join(place.data, "second.jsonl")],
        }),
        cold("diff --speed-large-files", "limit", {
          command: [
            "sh",
            "-c",
            'diff --speed-large-files "$1" "$2"; test $? -le 1',
            "sh",
            join(place.data, "first.jsonl"),
            join(place.data, "second.jsonl"),
          ],
        }),
        ...peers.contenders({ names: PEERS, job: "diff", place }),
      ],
      targets: [{ id: "M3", metric: "wallSeconds", against: [], atMost: 0.25, needs: ROWS }],
    };
  },
};
