import { configDefaults, defineConfig } from "vitest/config";

// Tests that need more than npm, by their directory; `T4_TEST_MACHINE=1` and so on run one kind alone.
const special = {
  // strace, mounts and root; `.ci/run` installs what they need.
  machine: "packages/*/test/machine/**/*.test.ts",
  // Pages in a real browser; `.ci/browser.sh` installs it.
  browser: "packages/*/test/browser/**/*.test.ts",
  // Real S3 engines; `.ci/engines.sh` starts these.
  engines: "packages/*/test/engines/**/*.test.ts",
  // The Python clients Quilt 3 and T4 of 2019; `.ci/interop.sh` installs these.
  interop: "packages/*/test/interop/**/*.test.ts",
};
const chosen = Object.entries(special).find(([kind]) => process.env[`T4_TEST_${kind.toUpperCase()}`] === "1")?.[1];

export default defineConfig({
  test: {
    include: [chosen ?? "packages/*/test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...Object.values(special).filter((tests) => tests !== chosen)],
    // For a test that hangs; a machine with much else to do may take long for many processes.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    // One process for many files: none starts and loads the library anew; `setup.ts` keeps them apart.
    isolate: false,
    setupFiles: ["packages/t4/test/setup.ts"],
    // A browser beside another one takes its processor: one process has one for all pages.
    maxWorkers: chosen === special.browser ? 1 : 2,
  },
});
