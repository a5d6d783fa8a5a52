// Feeds parsers with bytes that lead into code that no bytes before have reached; what does becomes part of the corpus.
// `node scripts/fuzz.js [seconds for each] [parser]`; `npm run build` first. Exit code 1 when a parser fails otherwise
// than by a refusal; the bytes are kept in the corpus, and `npm test` replays them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { watchCoverage } from "testkit/fuzz/coverage.js";
import { mutate } from "testkit/fuzz/mutate.js";
import { PARSERS, tryParser } from "testkit/fuzz/parsers.js";
import { seededRandom } from "testkit/random.js";

const CORPUS = new URL("../packages/t4/test/corpus/", import.meta.url).pathname;
const [, , seconds = "20", only] = process.argv;

function keep(directory, bytes) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, createHash("sha256").update(bytes).digest("hex").slice(0, 16)), bytes);
}

function fuzz(name, parser) {
  const directory = join(CORPUS, name);
  const corpus = existsSync(directory) ? readdirSync(directory).map((file) => readFileSync(join(directory, file))) : [];
  const random = seededRandom(Date.now());
  const coverage = watchCoverage("/t4/lib/");
  const until = Date.now() + Number(seconds) * 1000;
  for (const bytes of corpus) coverage.isNews(() => tryParser(parser, bytes));
  let tries = 0;
  let news = 0;
  for (; Date.now() < until; tries++) {
    const known = corpus.length === 0 ? Buffer.alloc(0) : random.pick(corpus);
    const bytes = mutate(known, corpus.length === 0 ? known : random.pick(corpus), random);
    let failure;
    const isNews = coverage.isNews(() => {
      try {
        tryParser(parser, bytes);
      } catch (error) {
        failure = error;
      }
    });
    if (failure !== undefined) {
      keep(directory, bytes);
      console.error(`${name} failed on ${JSON.stringify(Buffer.from(bytes).toString("latin1"))}:`, failure);
      process.exitCode = 1;
      break;
    }
    if (!isNews) continue;
    news++;
    corpus.push(bytes);
    keep(directory, bytes);
  }
  coverage.stop();
  console.log(`${name}: ${tries} tries, ${news} new ways, ${corpus.length} in the corpus`);
}

for (const [name, parser] of Object.entries(PARSERS)) if (only === undefined || only === name) fuzz(name, parser);
