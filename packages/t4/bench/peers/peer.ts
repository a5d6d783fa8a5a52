import type { Job } from "../run/plan.js";

/** What the flows ask of tools. */
export type JobName = "version" | "build" | "push" | "install" | "installPath" | "verify" | "load" | "list" | "diff";

/** Where a job works. */
export interface Place {
  /** The directory with the data, or with the manifests. */
  readonly data: string;
  /** A directory of the tool's own that need not exist. */
  readonly work: string;
  /** The sub-directory that `installPath` wants. */
  readonly path?: string;
}

/** Another tool: how to get it, how to find it, and how to call it in its best honest way. */
export interface Peer {
  readonly name: string;
  /** One line for people who want it. */
  readonly install: string;
  /** The program, looked for on `PATH` and where `scripts/install-peers.sh` puts it. */
  readonly program: string;
  /** The command that prints its version on the first line. */
  readonly version: (program: string) => readonly [command: string, ...args: string[]];
  /** The jobs that it can do; `program` is the absolute path. */
  readonly jobs: (program: string) => Partial<Record<JobName, (place: Place) => Job>>;
  /** Why it cannot do others. */
  readonly cannot?: Partial<Record<JobName, string>>;
}
