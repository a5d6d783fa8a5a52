import { join } from "node:path";
import type { Step } from "../run/plan.js";
import { freshBucket, s3Of } from "./bucket.js";
import { inside } from "./inside.js";
import type { Peer, Place } from "./peer.js";

const SET_UP = [
  "dvc init -q --no-scm",
  "dvc config core.analytics false",
  "dvc config core.check_update false",
  "dvc config cache.type reflink,hardlink,copy",
].join("; ");
const ADD = "dvc add -q data";
const PUSH = `${ADD}; dvc push -q`;

/** DVC without git, with links between its cache and the directory. The data has to be in its own directory: it gets a copy. */
export const dvc: Peer = {
  name: "dvc",
  install: "scripts/install-peers.sh",
  program: "dvc",
  version: (program) => [program, "--version"],
  cannot: { verify: "has no such command", installPath: "has no such command" },
  jobs: (program) => {
    const run = ({ work }: Place, script: string): Step => ({ run: inside(work, program, script) });
    const fresh = (place: Place): Step[] => [
      { remove: place.work },
      { makeDirectory: place.work },
      { run: ["cp", "-r", place.data, join(place.work, "data")] },
      run(place, SET_UP),
    ];
    const withFolder = (place: Place): Step[] => [
      { remove: `${place.work}-store` },
      ...fresh(place),
      run(place, `dvc remote add -q -d store ${place.work}-store`),
    ];
    const withBucket = (place: Place): Step[] => {
      const { endpoint, bucket } = s3Of(place);
      const add = `dvc remote add -q -d store s3://${bucket}/dvc; dvc remote modify -q store endpointurl ${endpoint}`;
      return [freshBucket(place), ...fresh(place), run(place, add)];
    };
    // What somebody has who got the project's small files: neither data nor cache.
    const forget = ({ work }: Place): Step[] =>
      ["data", ".dvc/cache", ".dvc/tmp"].map((path) => ({ remove: join(work, path) }));
    const command = ({ work }: Place, script: string): readonly string[] => inside(work, program, script);
    const pull = (place: Place, store: (place: Place) => Step[]) => ({
      prepare: [...store(place), run(place, PUSH)],
      reset: forget(place),
      command: command(place, "dvc pull -q"),
    });
    return {
      version: () => ({ command: [program, "--version"] }),
      build: (place) => ({ reset: fresh(place), command: command(place, ADD) }),
      push: (place) => ({ reset: withFolder(place), command: command(place, PUSH) }),
      pushS3: (place) => ({ reset: withBucket(place), command: command(place, PUSH), usesS3: true }),
      install: (place) => pull(place, withFolder),
      installS3: (place) => ({ ...pull(place, withBucket), usesS3: true }),
    };
  },
};
