const ENTRY = '"logical_key": "a", "physical_keys": ["s3://bucket/key"], "size": 0';

/** Manifests in which random cases once found a difference; they run first. */
export const FOUND: readonly string[] = [
  // The members of the hash were written in another order than they were read.
  `{}\n{${ENTRY}, "hash": {"value": "", "type": ""}, "meta": {}}\n`,
  // Half a surrogate pair was ordered above all other names.
  `{}\n{${ENTRY}, "hash": {"type": "", "value": ""}, "meta": {"user_meta": {"\\ue000": 1, "\\ud800": 2}}}\n`,
  // A tab between tokens was taken for the end of the line where that did not end in a brace.
  `{}\r\n{\t${ENTRY}, "hash": {"type": "", "value": ""}, "meta": {}\t}\r\n`,
];
