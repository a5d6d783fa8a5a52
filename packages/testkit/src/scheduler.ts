import type { Random } from "./random.js";

/** One actor of a simulation: a process, as far as its steps go. */
export interface Actor {
  readonly name: string;
  /** No step of it happens any more, and no code of it runs on: as after `kill -9`. */
  isDead: boolean;
  /** Until when it stands still, as after `SIGSTOP`; milliseconds of the simulation's time. */
  frozenUntil: number;
}

interface Step {
  readonly actor: Actor;
  /** The time before which it does not happen. */
  readonly at: number;
  readonly label: string;
  readonly take: () => void;
}

/** What may befall the actors before a step is taken. */
export type Fate = (scheduler: Scheduler, next: { readonly actor: Actor; readonly label: string }) => void;

/** So much time passes at most in one step. */
const STEP_MS = 2;
/** A run that takes more steps than this goes round in circles. */
const MAX_STEPS = 200_000;

/**
 * Runs several actors' real code step by step in an order that the random numbers decide. Each call to the outside is one
 * step; between two steps only one actor's code runs. Time passes only here, so a sleep of hours costs nothing.
 */
export class Scheduler {
  readonly random: Random;
  #now: number;
  #steps: Step[] = [];
  #taken = 0;
  readonly #fate: Fate;

  constructor(options: { readonly random: Random; readonly now: number; readonly fate?: Fate }) {
    this.random = options.random;
    this.#now = options.now;
    this.#fate = options.fate ?? (() => undefined);
  }

  /** Milliseconds since 1970 in the simulation. */
  now(): number {
    return this.#now;
  }

  /** A new actor, alive and moving. */
  actor(name: string): Actor {
    return { name, isDead: false, frozenUntil: 0 };
  }

  /** Asks for a step of `actor`, not before `delayMs` have passed; `act` happens in one piece when its turn comes. */
  step<Result>(
    actor: Actor,
    call: { readonly label: string; readonly delayMs?: number; readonly act: () => Result },
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const take = (): void => {
        try {
          resolve(call.act());
        } catch (error) {
          reject(error);
        }
      };
      this.#steps.push({ actor, at: this.#now + (call.delayMs ?? 0), label: call.label, take });
    });
  }

  /** Takes steps until none is left. */
  async run(): Promise<void> {
    for (;;) {
      await settled();
      this.#steps = this.#steps.filter(({ actor }) => !actor.isDead);
      if (this.#steps.length === 0) return;
      if (++this.#taken > MAX_STEPS) throw new Error(`No end after ${MAX_STEPS} steps.`);
      const next = this.#choose();
      this.#fate(this, next);
      if (next.actor.isDead || next.actor.frozenUntil > this.#now) continue;
      this.#steps.splice(this.#steps.indexOf(next), 1);
      this.#now += this.random.next() * STEP_MS;
      next.take();
    }
  }

  /** One of the steps that can happen now; when all wait, time moves on to the first. */
  #choose(): Step {
    const readyAt = ({ at, actor }: Step): number => Math.max(at, actor.frozenUntil);
    const ready = this.#steps.filter((step) => readyAt(step) <= this.#now);
    if (ready.length > 0) return this.random.pick(ready);
    const first = this.#steps.reduce((a, b) => (readyAt(b) < readyAt(a) ? b : a));
    this.#now = readyAt(first);
    return first;
  }
}

/** Resolves when no code can run on by itself any more: all promises that could be settled are. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
