import type { Contender, Job, Role } from "./plan.js";

const MEASURED = { usesS3: false, printsTopHash: false };

/** A contender that does its job from the beginning in every round. */
export function cold(name: string, role: Role, job: Job): Contender {
  const { prepare = [], reset = [], ...rest } = job;
  return { ...MEASURED, ...rest, name, role, prepare, before: reset };
}

/** A contender whose job is done already when it is measured. */
export function warm(name: string, role: Role, job: Job): Contender {
  const { prepare = [], reset = [], ...rest } = job;
  return { ...MEASURED, ...rest, name, role, prepare: [...prepare, ...reset, { run: job.command }], before: [] };
}
