import { seededRandom } from "../random.js";
import type { Fault, FaultKind } from "./fault.js";
import { FAULTS } from "./fault.js";
import type { Headers } from "./message.js";
import type { Operation } from "./route.js";

/** What a plan knows of a request. */
export interface SeenRequest {
  /** `undefined`: none that the simulator knows. */
  readonly operation: Operation | undefined;
  readonly method: string;
  readonly key: string;
  readonly headers: Headers;
}

/** Decides what goes wrong with each request; asked once per request, in the order they arrive. */
export type FaultPlan = (request: SeenRequest) => Fault | undefined;

/** Nothing goes wrong. */
export const noFaults: FaultPlan = () => undefined;

/** A fault and the requests that it strikes. */
export interface FaultRule {
  readonly fault: Fault;
  /** Default: any. */
  readonly operation?: Operation;
  /** The whole key, or a pattern of it; default: any. */
  readonly key?: string | RegExp;
  /** The first matching request that it strikes, counted from 1; default 1. */
  readonly nth?: number;
  /** How many matching requests it strikes from there on; default 1. */
  readonly times?: number;
}

/** Strikes what its rules say; of several that match, the first. */
export function scriptedFaults(rules: readonly FaultRule[]): FaultPlan {
  const seen = rules.map(() => 0);
  return (request) => {
    let struck: Fault | undefined;
    for (const [i, rule] of rules.entries()) {
      if (!matches(rule, request)) continue;
      const n = (seen[i] as number) + 1;
      seen[i] = n;
      const { nth = 1, times = 1 } = rule;
      if (n >= nth && n < nth + times) struck ??= rule.fault;
    }
    return struck;
  };
}

function matches({ operation, key }: FaultRule, request: SeenRequest): boolean {
  if (operation !== undefined && operation !== request.operation) return false;
  if (key === undefined) return true;
  return typeof key === "string" ? key === request.key : key.test(request.key);
}

/** Options of {@link randomFaults}. */
export interface RandomFaultOptions {
  readonly seed: number;
  /** Share of requests that are struck, 0 to 1. */
  readonly rate: number;
  /** Which faults; default {@link WEATHER}. */
  readonly kinds?: readonly FaultKind[];
  /** Longest delay of a zombie or a delayed request, milliseconds; default 1,000. */
  readonly maxDelayMs?: number;
}

/** The faults that a client must survive without an error: all but those that only an attacker or a broken server makes. */
export const WEATHER: readonly FaultKind[] = [
  "reset-before",
  "reset-after",
  "duplicate",
  "zombie",
  "delay",
  "error-before",
  "error-after",
  "slow-down",
  "conflict",
  "cut-body",
];

const WRITES_ONLY: ReadonlySet<FaultKind> = new Set(["duplicate", "zombie", "conflict", "error-in-200"]);

/** Strikes at random, but the same requests for the same seed. */
export function randomFaults({ seed, rate, kinds = WEATHER, maxDelayMs = 1000 }: RandomFaultOptions): FaultPlan {
  const unknown = kinds.find((kind) => !(kind in FAULTS));
  if (unknown !== undefined)
    throw new Error(`There is no fault "${unknown}". Known: ${Object.keys(FAULTS).join(", ")}.`);
  const random = seededRandom(seed);
  return ({ method }) => {
    const isStruck = random.chance(rate);
    const kind = random.pick(kinds);
    const delayMs = random.below(maxDelayMs);
    const isRead = method === "GET" || method === "HEAD";
    if (!isStruck || (isRead && WRITES_ONLY.has(kind))) return undefined;
    return { kind, delayMs };
  };
}
