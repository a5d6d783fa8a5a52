import type { Job } from "../run/plan.js";

/** What the flows ask of tools. */
export type JobName =
  | "version"
  | "build"
  | "push"
  | "pushS3"
  | "install"
  | "installS3"
  | "installPath"
  | "verify"
  | "load"
  | "list"
  | "diff";

/** Where a job works. */
export interface Place {
  /** The directory with the data, or with the manifests. */
  readonly data: string;
  /** A directory of the tool's own that need not exist. */
  readonly work: string;
  /** The sub-directory that `installPath` wants. */
  readonly path?: string;
  /** For jobs on S3: the server, `http://127.0.0.1:<port>`, and a bucket of the tool's own that need not exist. */
  readonly s3?: { readonly endpoint: string; readonly bucket: string };
}

/** Another tool: how to get it, how to find it, and how to call it in its best honest way. */
export interface Peer {
  readonly name: string;
  /** One line for people who want it. */
  readonly install: string;
  /** The program, looked for on `PATH` and where `scripts/install-peers.sh` puts it. */
  readonly program: string;
  /** Others have a program of this name, too: it is not looked for on `PATH`. */
  readonly isPrivate?: boolean;
  /** The command that prints its version on the first line. */
  readonly version: (program: string) => readonly [command: string, ...args: string[]];
  /** The jobs that it can do; `program` is the absolute path. */
  readonly jobs: (program: string) => Partial<Record<JobName, (place: Place) => Job>>;
  /** Why it cannot do others. */
  readonly cannot?: Partial<Record<JobName, string>>;
}
