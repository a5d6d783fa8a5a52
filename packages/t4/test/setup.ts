// Runs before each file of tests. Those of one worker share a process and its modules: each file leaves them as it found them.
import { endFile, endTest } from "testkit/after.js";
import { afterAll, afterEach, vi } from "vitest";

const environment = { ...process.env };

afterEach(endTest);

afterAll(async () => {
  await endFile();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});
