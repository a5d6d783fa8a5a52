import { createRequire } from "node:module";
import type ignore from "ignore";
import type { Ignore } from "ignore";
import { T4Error } from "../base/errors.js";

/** All ignore files of a directory together; a stranger's may be made to take long. */
export const MAX_RULES_BYTES: number = 128 << 10;
/** Longest rule, in characters. */
const MAX_RULE_LENGTH = 1024;
/** So many `**` in one rule make it long to match on deep paths already. */
const MAX_DOUBLE_STARS = 4;

/**
 * The rules of an ignore file. Their parser is loaded only where there is one: it takes longer than a small command.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` for a rule that takes too long to match.
 */
export function parseRules(text: string, path: string): Ignore {
  for (const [i, rule] of text.split("\n").entries())
    if (rule.length > MAX_RULE_LENGTH || rule.split("**").length - 1 > MAX_DOUBLE_STARS) throw tooCostly(path, i + 1);
  const createRules = createRequire(import.meta.url)("ignore") as typeof ignore;
  // As in git: `*.txt` must not leave out `A.TXT`.
  return createRules({ ignorecase: false }).add(text);
}

function tooCostly(path: string, line: number): T4Error {
  const most = `${MAX_RULE_LENGTH} characters and ${MAX_DOUBLE_STARS} "**"`;
  return new T4Error("ERR_T4_FORMAT", `The rule in line ${line} of ${path} has more than ${most}.`, {
    hint: "Write it as several rules, or do not trust that file.",
    facts: { path, line },
  });
}

/** The error for ignore files that are too large together. */
export function tooManyRules(path: string, bytes: number): T4Error {
  return new T4Error(
    "ERR_T4_FORMAT",
    `With ${path}, the ignore files have ${bytes} bytes, expected at most ${MAX_RULES_BYTES} together.`,
    {
      hint: "Use fewer rules: one for a directory leaves out all that is in it.",
      facts: { path, bytes },
    },
  );
}
