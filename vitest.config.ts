import { configDefaults, defineConfig } from "vitest/config";

// Tests that need strace, mounts and root; `.ci/run` installs what they need and runs them.
const machine = "packages/*/test/machine/**/*.test.ts";
const isMachine = process.env["T4_TEST_MACHINE"] === "1";
// Tests on real S3 engines; `.ci/engines.sh` starts these and runs them.
const engines = "packages/*/test/engines/**/*.test.ts";
const isEngines = process.env["T4_TEST_ENGINES"] === "1";

export default defineConfig({
  test: {
    include: [isMachine ? machine : isEngines ? engines : "packages/*/test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(isMachine ? [] : [machine]), ...(isEngines ? [] : [engines])],
    testTimeout: 30_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
