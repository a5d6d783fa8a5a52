import { expect, it } from "vitest";
import { entryLine, parseManifestLine } from "#t4/format/manifest-line.js";

it.each([
  '{"type": "SHA256", "value": "00"}',
  '{"value": "00", "type": "SHA256"}',
  '{"type": "SHA256", "more": 1.0, "value": "00"}',
])("the hash %s is written as it was read", (hash) => {
  const line = `{"logical_key": "a", "physical_keys": ["s3://b/k"], "size": 1, "hash": ${hash}, "meta": {}}`;
  const parsed = parseManifestLine(line);
  expect(parsed.kind === "entry" && entryLine(parsed.entry)).toBe(line);
});
