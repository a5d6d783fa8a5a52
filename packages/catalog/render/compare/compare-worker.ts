import { told } from "../../web/state/api-client.js";
import { takeSecret } from "../../web/state/secret.js";
import { compareTables } from "./compare-tables.js";
import { compareTexts } from "./compare-texts.js";
import type { Sides, Tell } from "./sides.js";
import type { CompareAnswer, CompareRequest } from "./use-pair.js";

type Compare = (sides: Sides, tell: Tell) => Promise<unknown>;
const WAYS = { rows: compareTables, lines: compareTexts } satisfies Record<string, Compare>;

const tell: Tell = (progress) => self.postMessage({ progress } satisfies CompareAnswer);

self.addEventListener("message", ({ data }: MessageEvent<CompareRequest>) => {
  void answer(data).then((message) => self.postMessage(message));
});

async function answer({ way, sides, secret }: CompareRequest): Promise<CompareAnswer> {
  takeSecret(secret);
  try {
    return { found: await WAYS[way](sides, tell) };
  } catch (error) {
    return { error: told(error) };
  }
}
