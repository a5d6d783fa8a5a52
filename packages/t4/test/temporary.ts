import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterTest } from "testkit/after.js";

/** A new directory that is removed after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "t4-test-"));
  afterTest(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
