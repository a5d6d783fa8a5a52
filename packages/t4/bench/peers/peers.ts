import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { cold, warm } from "../run/contenders.js";
import type { Absent, Contender } from "../run/plan.js";
import { awsCli } from "./aws-cli.js";
import { borg } from "./borg.js";
import { datalad } from "./datalad.js";
import { dvc } from "./dvc.js";
import { gitAnnex } from "./git-annex.js";
import { hf } from "./hf.js";
import { oxen } from "./oxen.js";
import type { JobName, Peer, Place } from "./peer.js";
import { quilt3 } from "./quilt3.js";
import { rclone } from "./rclone.js";
import { restic } from "./restic.js";
import { rsync } from "./rsync.js";
import { s5cmd } from "./s5cmd.js";
import { t4Of2019 } from "./t4-2019.js";

const ALL: readonly Peer[] = [
  quilt3,
  t4Of2019,
  dvc,
  gitAnnex,
  datalad,
  oxen,
  hf,
  restic,
  borg,
  rclone,
  rsync,
  awsCli,
  s5cmd,
];

/** A job that a flow asks all peers for. */
export interface PeerRequest {
  /** Default all. */
  readonly names?: readonly string[];
  readonly job: JobName;
  readonly place: Place;
  /** The job is done already when it is measured. */
  readonly isWarm?: boolean;
}

/** The other tools that this machine has. */
export interface Peers {
  /** One row for each: a contender, or why there is none. Each gets a directory of its own below `place.work`, and a bucket of its own. */
  readonly contenders: (request: PeerRequest) => (Contender | Absent)[];
  /** What was found: a version, or how to install it. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Looks for all peers on `PATH` and below `<cache>/peers`; with `isAlone` none is asked. */
export function findPeers({ cache, isAlone }: { readonly cache: string; readonly isAlone: boolean }): Peers {
  const found = new Map(isAlone ? [] : ALL.map((peer) => [peer.name, find(peer, cache)]));
  const versions = ALL.map((peer) => {
    const program = found.get(peer.name);
    if (program !== undefined) return [peer.name, versionOf(peer, program)];
    return [peer.name, isAlone ? "left out" : `not installed (${peer.install})`];
  });
  const contenders = ({
    names = ALL.map(({ name }) => name),
    job,
    place,
    isWarm = false,
  }: PeerRequest): (Contender | Absent)[] =>
    ALL.filter(({ name }) => !isAlone && names.includes(name)).map((peer) => {
      const { name } = peer;
      const program = found.get(name);
      if (program === undefined) return { name, role: "peer", absent: "not installed" };
      const make = peer.jobs(program)[job];
      if (make === undefined) return { name, role: "peer", absent: peer.cannot?.[job] ?? "has no such command" };
      return (isWarm ? warm : cold)(name, "peer", make(ownPlace(place, name)));
    });
  return { contenders, versions: Object.fromEntries(versions) as Record<string, string> };
}

function ownPlace({ s3, ...place }: Place, name: string): Place {
  const own = { ...place, work: join(place.work, name) };
  return s3 === undefined ? own : { ...own, s3: { ...s3, bucket: `${s3.bucket}-${name}` } };
}

function find({ name, program, isPrivate = false }: Peer, cache: string): string | undefined {
  const path = isPrivate ? [] : (process.env["PATH"] ?? "").split(delimiter);
  const directories = [join(cache, "peers", name, "bin"), ...path];
  return directories.map((directory) => join(directory, program)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function versionOf({ version }: Peer, program: string): string {
  const [command, ...args] = version(program);
  const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return (stdout.trim() || stderr.trim()).split("\n")[0] ?? "";
}
