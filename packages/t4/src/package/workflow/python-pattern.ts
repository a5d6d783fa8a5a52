import { T4Error } from "../../base/errors.js";

/** A pattern that was understood. */
interface Pattern {
  /** Whether the pattern is found anywhere in `text`, in time linear in its length. */
  test(text: string): boolean;
}

/** What Python's classes mean, in the engine's words; the engine's own are ASCII. */
const CLASSES: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  w: "\\p{L}\\p{N}_",
  s: "\\t-\\r\\x1c-\\x20\\x{85}\\p{Z}",
};
/** End of text, or before a last line end: what Python's `$` means. */
const END = "(?:\\n?\\z)";

/** Reads a pattern; throws `ERR_T4_WORKFLOW` when it is no regular expression or cannot be kept exactly. */
export type CompilePattern = (source: string) => Pattern;

/**
 * Loads what reads regular expressions written for Python's `re`, with an engine that never backtracks, so that no pattern
 * of a stranger's registry can make T4 hang.
 *
 * What would mean something else there is translated; what the engine cannot do (look-around, back-references) is refused
 * rather than guessed.
 */
export async function loadPatterns(): Promise<CompilePattern> {
  const { RE2JS, RE2JSException } = await import("re2js");
  return (source) => {
    try {
      const { text, isAsciiOnly } = translate(source);
      const compiled = RE2JS.compile(text);
      return {
        test(input) {
          if (isAsciiOnly && /[^\0-\x7f]/.test(input)) throw refused(source, "\\b beside other letters than a to z");
          return compiled.matcher(input).find();
        },
      };
    } catch (error) {
      if (error instanceof RE2JSException) throw refused(source, error.message);
      throw error;
    }
  };
}

function refused(source: string, reason: string): T4Error {
  return new T4Error("ERR_T4_WORKFLOW", `The pattern ${JSON.stringify(source)} cannot be used: ${reason}.`, {
    hint: "Write it without look-around and back-references in the registry's workflow configuration or schema.",
    facts: { pattern: source },
  });
}

/** An escape, a class with all that is in it, a counted repetition, or one other character. */
const TOKEN = /\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])|\[\^?\]?(?:\\[^]|[^\]\\])*\]?|\{,\d+\}|[^]/g;
const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])/g;

/** A pattern in the engine's words; where the word boundary `\b` is used, it is only right for ASCII text. */
function translate(source: string): { readonly text: string; readonly isAsciiOnly: boolean } {
  const tokens = source.match(TOKEN) ?? [];
  const end = /\(\?[a-zA-Z]*m/.test(source) ? "$" : END;
  const text = tokens.map((token) => {
    if (token.startsWith("\\")) return translateEscape(token, { source, isInClass: false });
    if (token.startsWith("[")) return translateClass(token, source);
    if (token.startsWith("{,")) return token.replace("{,", "{0,");
    return token === "$" ? end : token;
  });
  return { text: text.join(""), isAsciiOnly: tokens.some((token) => /^\\[bB]$/.test(token)) };
}

function translateClass(token: string, source: string): string {
  if (token.includes("[:")) throw refused(source, "[: inside a class has two meanings");
  return token.replace(ESCAPE, (escape) => translateEscape(escape, { source, isInClass: true }));
}

function translateEscape(
  escape: string,
  { source, isInClass }: { readonly source: string; readonly isInClass: boolean },
): string {
  const letter = escape[1] ?? "";
  const members = Object.hasOwn(CLASSES, letter.toLowerCase()) ? CLASSES[letter.toLowerCase()] : undefined;
  if (members !== undefined) {
    if (letter === letter.toLowerCase()) return isInClass ? members : `[${members}]`;
    if (isInClass) throw refused(source, `${escape} inside a class`);
    return `[^${members}]`;
  }
  if (letter === "Z") return "\\z";
  if (letter === "u" || letter === "U") return `\\x{${escape.slice(2)}}`;
  // The engine's own words that Python does not have.
  if (/[zpPQECG]/.test(letter)) throw refused(source, `the escape ${escape}`);
  return escape;
}
