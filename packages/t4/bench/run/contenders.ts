import type { Contender, Job, Role } from "./plan.js";

/** A contender that does its job from the beginning in every round. */
export function cold(name: string, role: Role, job: Job): Contender {
  const { prepare = [], reset = [], command, printsTopHash = false } = job;
  return { name, role, prepare, before: reset, command, printsTopHash };
}

/** A contender whose job is done already when it is measured. */
export function warm(name: string, role: Role, job: Job): Contender {
  const { prepare = [], reset = [], command, printsTopHash = false } = job;
  return { name, role, prepare: [...prepare, ...reset, { run: command }], before: [], command, printsTopHash };
}
