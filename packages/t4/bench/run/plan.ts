import type { Sizes } from "../data/sizes.js";
import type { Peers } from "../peers/peers.js";
import type { SlowLine } from "./slow-line.js";

/** Something done outside of the measured time. */
export type Step =
  | { readonly remove: string }
  | { readonly makeDirectory: string }
  | { readonly run: readonly string[] }
  /** Writes text that no earlier run wrote, so that the file counts as changed. */
  | { readonly edit: string };

/** One way to do one job: how to get ready, how to forget it was done, and the command that is measured. */
export interface Job {
  /** Once, before the first round. */
  readonly prepare?: readonly Step[];
  /** Makes the job undone. */
  readonly reset?: readonly Step[];
  readonly command: readonly string[];
  /** It works on a bucket: what its server answers is counted. */
  readonly usesS3?: boolean;
  /** The command prints a top hash that must equal that of all others that print one. */
  readonly printsTopHash?: boolean;
}

/** T4 itself, a limit of the machine that nobody can beat by much, or another tool. */
export type Role = "t4" | "limit" | "peer";

/** One row of a table: what runs in every round. */
export interface Contender {
  readonly name: string;
  readonly role: Role;
  readonly prepare: readonly Step[];
  /** Before each run, outside of the measured time. */
  readonly before: readonly Step[];
  readonly command: readonly string[];
  readonly usesS3: boolean;
  readonly printsTopHash: boolean;
}

/** A row for what could not run, and why. */
export interface Absent {
  readonly name: string;
  readonly role: Role;
  readonly absent: string;
}

/** A target of the project: `T4 <= atMost * (the slowest of against) + plus`; without `against` an absolute bound. */
export interface Target {
  readonly id: string;
  readonly metric: "wallSeconds" | "cpuSeconds" | "peakMiB" | "requests";
  readonly against: readonly string[];
  readonly atMost: number;
  readonly plus?: number;
  /** The data that the target speaks of; with less of it nothing is judged. */
  readonly needs?: Partial<Sizes>;
}

/** What a flow will run, as a value. */
export interface Plan {
  readonly contenders: readonly (Contender | Absent)[];
  readonly targets: readonly Target[];
  /** The way to the S3 server that all contenders take; default: straight. */
  readonly line?: SlowLine;
}

/** What a flow plans with. */
export interface FlowContext {
  readonly sizes: Sizes;
  readonly peers: Peers;
  /** An S3 server, `http://127.0.0.1:<port>`, whose account is in the environment. */
  readonly endpoint: string;
  /** Where generated data is kept. */
  readonly cache: string;
  /** The flow's own directory, empty at the start. */
  readonly scratch: string;
  /** Directories of generated data. */
  readonly large: () => Promise<string>;
  readonly small: () => Promise<string>;
  readonly rows: () => Promise<string>;
}

/** One thing that users do, measured. */
export interface Flow {
  readonly name: string;
  /** It runs only where there is an S3 server. */
  readonly needsS3?: boolean;
  /** One sentence; a function of the sizes. */
  readonly summary: (sizes: Sizes) => string;
  readonly plan: (context: FlowContext) => Promise<Plan>;
}
