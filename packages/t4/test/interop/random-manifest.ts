import fc from "fast-check";
import type { JsonInput } from "#t4/index.js";
import { double, integer, metadata, text } from "./random-json.js";
import { spelling } from "./random-spelling.js";

/** Directories that may have metadata; no file has such a name, which the originals take for that file's metadata. */
const DIRECTORIES = ["d", "d/e", "\u00fc d"] as const;

const part = fc.oneof(
  fc.constantFrom("a", "a b", "a-b", "a.txt", "aa", "\uff5e", "\u{1f600}", "ü"),
  text.filter((name) => !name.includes("/") && !/^(?:d|e|ü d)$/.test(name)),
);
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const key = fc.oneof(
  { weight: 12, arbitrary: path },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...DIRECTORIES), path).map((parts) => parts.join("/")) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "/", "//", "a/", "/a", "../a", "a//b", ".", "a\\b", "a\u0000/b", "a\u0000"),
  },
);

const hash: fc.Arbitrary<JsonInput> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ type: fc.constantFrom("SHA256", "sha2-256-chunked", "CRC64NVME"), value: fc.string() }),
  },
  { weight: 1, arbitrary: fc.record({ value: text, type: text }) },
  { weight: 1, arbitrary: fc.record({ value: text, more: metadata, type: text }) },
);
const size: fc.Arbitrary<JsonInput> = fc.oneof(
  { weight: 20, arbitrary: fc.nat().map(BigInt) },
  { weight: 1, arbitrary: fc.oneof(integer, double, text) },
);
const entryMeta: fc.Arbitrary<JsonInput> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ user_meta: metadata }) },
  {
    weight: 1,
    arbitrary: fc.record(
      { format: fc.record({ name: text }), target: text, user_meta: metadata },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: metadata },
);

type Member = readonly [name: string, value: JsonInput];
const entry: fc.Arbitrary<readonly Member[]> = fc.tuple(
  key.map((value): Member => ["logical_key", value]),
  fc.nat({ max: 99 }).map((n): Member => ["physical_keys", [`s3://bucket/key${n}`]]),
  size.map((value): Member => ["size", value]),
  hash.map((value): Member => ["hash", value]),
  entryMeta.map((value): Member => ["meta", value]),
);
const unknown: fc.Arbitrary<readonly Member[]> = fc.array(fc.tuple(fc.constantFrom("more", "etag", ""), metadata), {
  maxLength: 1,
});
const directory: fc.Arbitrary<readonly Member[]> = fc.tuple(
  fc.constantFrom(...DIRECTORIES).map((value): Member => ["logical_key", `${value}/`]),
  metadata.map((value): Member => ["meta", value]),
);
const header: fc.Arbitrary<readonly Member[]> = fc
  .tuple(
    fc.constant<Member>(["version", "v0"]),
    fc.oneof(text, fc.constant(null)).map((value): Member => ["message", value]),
    metadata.map((value): Member => ["user_meta", value]),
    metadata.map((value): Member => ["workflow", value]),
    fc.tuple(text, metadata),
  )
  .chain((members) => fc.shuffledSubarray([...members]));
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(entry, unknown)
      .chain(([members, more]) =>
        fc.shuffledSubarray([...members, ...more], { minLength: members.length + more.length }),
      ),
  },
  { weight: 1, arbitrary: directory },
);

/** Manifests as Python, other programs and hands could write them: any order, spelling and line end. */
export const manifest: fc.Arbitrary<string> = fc
  .tuple(header, fc.array(line, { maxLength: 8 }), spelling, fc.constantFrom("\n", "\n", "\n", "\r\n"), fc.boolean())
  .map(([first, others, spelled, end, isEnded]) => {
    const lines = [first, ...others].map((pairs) =>
      spelled.members(pairs.map(([name, value]) => [name, spelled.spell(value)])),
    );
    return lines.join(end) + (isEnded ? end : "");
  });
