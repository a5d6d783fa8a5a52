import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Step } from "../run/plan.js";
import { freshBucket, s3Of } from "./bucket.js";
import { inside } from "./inside.js";
import type { Peer, Place } from "./peer.js";

const JOBS = `-J${availableParallelism()}`;
const ADD = `git annex add -q ${JOBS} data; git commit -q -m bench --allow-empty`;
const PUSH = `${ADD}; git annex copy -q ${JOBS} --to store data`;
const GET = `git annex get -q ${JOBS} --from store data`;
// A clone asks whether its registry is where one expects it, and prints what says yes.
const VERIFY = `eval "$(git annex verifyremote store | grep -o 'git-annex verifyremote store --safe .*')"`;
const INIT = "git annex init -q; git config annex.security.allowed-ip-addresses 127.0.0.1";

/** git-annex with a job on each core. Adding moves the data into its repository: it gets a copy. */
export const gitAnnex: Peer = {
  name: "git-annex",
  install: "scripts/install-peers.sh",
  program: "git-annex",
  version: (program) => [program, "version", "--raw"],
  cannot: { verify: "checks what it added itself" },
  jobs: (program) => {
    const run = (directory: string, script: string): Step => ({ run: inside(directory, program, script) });
    const fresh = ({ data, work }: Place): Step[] => [
      { remove: work },
      { makeDirectory: work },
      { run: ["cp", "-r", data, join(work, "data")] },
      run(work, `git init -q; ${INIT}`),
    ];
    const withFolder = (place: Place): Step[] => {
      const store = `${place.work}-store`;
      const add = `git annex initremote -q store type=directory directory=${store} encryption=none`;
      return [{ remove: store }, { makeDirectory: store }, ...fresh(place), run(place.work, add)];
    };
    const withBucket = (place: Place): Step[] => {
      const { endpoint, bucket } = s3Of(place);
      const { hostname, port } = new URL(endpoint);
      const server = `host=${hostname} port=${port} protocol=http requeststyle=path`;
      const add = `git annex initremote -q store type=S3 encryption=none bucket=${bucket} ${server}`;
      return [freshBucket(place), ...fresh(place), run(place.work, add)];
    };
    const command = ({ work }: Place, script: string): readonly string[] => inside(work, program, script);
    const get = (place: Place, store: (place: Place) => Step[], enable: string) => {
      const clone = `${place.work}-clone`;
      return {
        prepare: [...store(place), run(place.work, PUSH)],
        reset: [
          { remove: clone },
          run(place.work, `git clone -q . ${clone}`),
          run(clone, `${INIT}; git annex enableremote -q store ${enable}; ${VERIFY}`),
        ],
        command: inside(clone, program, GET),
      };
    };
    return {
      version: () => ({ command: [program, "version", "--raw"] }),
      build: (place) => ({ reset: fresh(place), command: command(place, ADD) }),
      push: (place) => ({ reset: withFolder(place), command: command(place, PUSH) }),
      pushS3: (place) => ({ reset: withBucket(place), command: command(place, PUSH), usesS3: true }),
      install: (place) => get(place, withFolder, `directory=${place.work}-store`),
      installS3: (place) => ({ ...get(place, withBucket, ""), usesS3: true }),
    };
  },
};
