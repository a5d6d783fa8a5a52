import { isT4Error } from "#t4/index.js";

/** What our errors and theirs say of what cannot be written or read as a package. */
const THEIRS =
  /: (?:ValueError|UnicodeEncodeError|UnicodeDecodeError|AttributeError|KeyError|TypeError|QuiltException|PackageException|WorkflowValidationError|InvalidLineError|JSONDecodeError|EOFError): /;

/** The outcome, or "refused"; any other error than a refusal is rethrown. */
export async function outcomeOf<Result>(outcome: Promise<Result>): Promise<Result | "refused"> {
  try {
    return await outcome;
  } catch (error) {
    if (isT4Error(error, "ERR_T4_FORMAT", "ERR_T4_INVALID_META", "ERR_T4_INVALID_KEY", "ERR_T4_WORKFLOW"))
      return "refused";
    if (error instanceof Error && THEIRS.test(error.message)) return "refused";
    throw error;
  }
}
