import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Package } from "t4";
import type { DataSet } from "./data-set.js";
import { randomBytes } from "./random-bytes.js";

const PER_DIRECTORY = 1000;
const CHANGES = 100;

/**
 * A registry with the package `bench/rows`: a large manifest as Quilt 3 writes it (`first.jsonl`), and one in which a
 * hundred rows have other hashes (`second.jsonl`, the latest). `first` and `second` hold their top hashes.
 */
export function manifestRows(rows: number): DataSet {
  return {
    name: `rows-${rows}`,
    make: async (directory) => {
      const packages = join(directory, ".quilt/packages");
      const pointers = join(directory, ".quilt/named_packages/bench/rows");
      mkdirSync(packages, { recursive: true });
      mkdirSync(pointers, { recursive: true });
      for (const [index, name] of ["first", "second"].entries()) {
        const file = join(directory, `${name}.jsonl`);
        writeFileSync(file, [...manifest(rows, index === 1)].join(""));
        const topHash = (await Package.load(file)).topHash();
        writeFileSync(join(packages, topHash), readFileSync(file));
        writeFileSync(join(directory, name), topHash);
        for (const pointer of ["latest", String(1_600_000_000 + index)])
          writeFileSync(join(pointers, pointer), topHash);
      }
    },
  };
}

function* manifest(rows: number, isChanged: boolean): Generator<string, void, undefined> {
  yield `{"version": "v0", "message": null, "user_meta": {}}\n`;
  const bytes = randomBytes("manifest rows");
  for (let i = 0; i < rows; i++) {
    const key = `d${String(Math.floor(i / PER_DIRECTORY)).padStart(5, "0")}/file-${String(i % PER_DIRECTORY).padStart(4, "0")}.bin`;
    const hash = bytes(32);
    const version = bytes(24).toString("base64url");
    const size = hash.readUInt32LE() % 10_000_000;
    if (isChanged && i % Math.ceil(rows / CHANGES) === 0) hash.reverse();
    yield `{"logical_key": "${key}", "physical_keys": ["s3://example-bucket/data/bench/rows/${key}?versionId=${version}"], "size": ${size}, "hash": {"type": "sha2-256-chunked", "value": "${hash.toString("base64")}"}, "meta": {}}\n`;
  }
}
