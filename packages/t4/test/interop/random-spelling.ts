import fc from "fast-check";
import { type JsonInput, PyFloat } from "#t4/index.js";

/** Spells JSON in one of the many ways that a parser must take for the same value; choices come from one number each. */
export interface Spelling {
  /** JSON text of a value. */
  spell(value: JsonInput): string;
  /** JSON text of an object with these members, in this order; the same name may come twice. */
  members(pairs: readonly (readonly [name: string, text: string])[]): string;
}

/** Ways of spelling. */
export const spelling: fc.Arbitrary<Spelling> = fc
  .infiniteStream(fc.nat({ max: 999 }))
  .map((choices) => spellingOf(choices));

function spellingOf(choices: Iterator<number>): Spelling {
  const pick = (below: number): number => (choices.next().value as number) % below;
  const blank = (): string => ["", "", "", " ", "\t", "  "][pick(6)] ?? "";
  const list = (open: string, items: readonly string[], close: string): string =>
    `${open}${blank()}${items.join(`${blank()},${blank()}`)}${blank()}${close}`;
  const string = (value: string): string =>
    `"${Array.from(value, (character) => [...spellCharacter(character, pick)].join("")).join("")}"`;
  const members: Spelling["members"] = (pairs) =>
    list(
      "{",
      pairs.map(([name, text]) => `${string(name)}${blank()}:${blank()}${text}`),
      "}",
    );
  const spell = (value: JsonInput): string => {
    if (typeof value === "string") return string(value);
    if (typeof value === "bigint") return String(value);
    if (typeof value === "number") return spellFloat(value, pick);
    if (value instanceof PyFloat) return spellFloat(value.value, pick);
    if (value === null || typeof value === "boolean") return String(value);
    if (Array.isArray(value)) return list("[", (value as readonly JsonInput[]).map(spell), "]");
    const pairs = Object.entries(value as Readonly<Record<string, JsonInput>>).map(
      ([name, member]) => [name, spell(member)] as const,
    );
    const [first, last] = [pairs[0], pairs.at(-1)];
    const isTwice = first !== undefined && last !== undefined && pick(10) === 0;
    return members(isTwice ? [...pairs, [first[0], last[1]]] : pairs);
  };
  return { spell, members };
}

const SHORT = new Map([
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["/", "\\/"],
]);

function* spellCharacter(character: string, pick: (below: number) => number): Generator<string> {
  const short = SHORT.get(character);
  const mustEscape = character < " " || character === '"' || character === "\\" || !character.isWellFormed();
  if (short !== undefined && (mustEscape || pick(2) === 0) && pick(3) > 0) yield short;
  else if (mustEscape || pick(6) === 0) {
    for (let i = 0; i < character.length; i++) {
      const digits = character.charCodeAt(i).toString(16).padStart(4, "0");
      yield `\\u${pick(2) === 0 ? digits : digits.toUpperCase()}`;
    }
  } else yield character;
}

function spellFloat(value: number, pick: (below: number) => number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = Object.is(value, -0) ? "-0" : String(value);
  const exponent = value.toExponential().replace("e", ["e", "E"][pick(2)] ?? "e");
  const spellings = [
    text,
    exponent,
    exponent.replace("+", ""),
    /[.e]/.test(text) ? text : `${text}.0`,
    /e/.test(text) ? text : `${text}${text.includes(".") ? "" : "."}000`,
  ];
  return spellings[pick(spellings.length)] ?? text;
}
