import { describe, expect, expectTypeOf, it } from "vitest";
import * as door from "#t4/index.js";
import {
  type CollectGarbageOptions,
  type Config,
  type DirectoryPackage,
  type Finding,
  type InstallReport,
  isT4Error,
  type JsonInput,
  type JsonOutput,
  type Operation,
  openRegistry,
  Package,
  PackageEntry,
  type PushOptions,
  pyFloat,
  type Registry,
  type Revision,
  type SetDirOptions,
  type TypedPackage,
  type VerifyReport,
} from "#t4/index.js";

/** The compiler checks these; a type that changes is a change for every user. */
describe("the types of the door", () => {
  it("resolve to what they say", () => {
    expectTypeOf<Package["build"]>().returns.resolves.toBeString();
    expectTypeOf<Package["push"]>().parameters.toEqualTypeOf<
      [name: string, registry?: string, options?: PushOptions]
    >();
    expectTypeOf<(typeof Package)["install"]>().returns.resolves.toEqualTypeOf<Package>();
    expectTypeOf<(typeof Package)["openDirectory"]>().returns.resolves.toEqualTypeOf<DirectoryPackage | undefined>();
    expectTypeOf<(typeof Package)["baseOf"]>().returns.resolves.toEqualTypeOf<Package | undefined>();
    expectTypeOf<Package["setText"]>().returns.resolves.toEqualTypeOf<Package>();
    expectTypeOf<Package["get"]>().returns.toEqualTypeOf<PackageEntry | Package>();
    expectTypeOf<Package["fetch"]>().returns.resolves.toEqualTypeOf<InstallReport>();
    expectTypeOf<Package["verify"]>().returns.resolves.toEqualTypeOf<VerifyReport>();
    expectTypeOf<Package["meta"]>().toEqualTypeOf<JsonOutput>();
    expectTypeOf<Package["workflow"]>().toEqualTypeOf<JsonOutput | undefined>();
    expectTypeOf<Package["walk"]>().returns.toEqualTypeOf<Generator<[string, PackageEntry], void, undefined>>();
    expectTypeOf(openRegistry).returns.resolves.toEqualTypeOf<Registry>();
    expectTypeOf<Registry["log"]>().returns.toEqualTypeOf<AsyncIterable<Revision>>();
    expectTypeOf<Registry["undo"]>().returns.resolves.toEqualTypeOf<Operation>();
    expectTypeOf<Registry["fsck"]>().returns.resolves.toEqualTypeOf<readonly Finding[]>();
    expectTypeOf<CollectGarbageOptions["signal"]>().toEqualTypeOf<AbortSignal | undefined>();
  });

  it("give what was read as unknown, never any", () => {
    expectTypeOf<PackageEntry["json"]>().returns.resolves.toBeUnknown();
    expectTypeOf<PackageEntry["deserialize"]>().returns.resolves.toBeUnknown();
    expectTypeOf<PackageEntry["bytes"]>().returns.resolves.toEqualTypeOf<Uint8Array>();
    expectTypeOf<PackageEntry["stream"]>().returns.toEqualTypeOf<AsyncGenerator<Uint8Array, void, undefined>>();
  });

  it("know top hashes and names as strings", () => {
    expectTypeOf<Revision["topHash"]>().toExtend<string>();
    expectTypeOf<Revision["name"]>().toExtend<string>();
    expectTypeOf<"latest">().toExtend<Parameters<Registry["resolve"]>[1]>();
  });

  it("take metadata of every kind that JSON has, and nothing else", () => {
    expectTypeOf({ a: [1, 2n, pyFloat(3), null, true, "x"] as const }).toExtend<JsonInput>();
    expectTypeOf<JsonOutput>().toExtend<JsonInput>();
    expectTypeOf<Date>().not.toExtend<JsonInput>();
    expectTypeOf<undefined>().not.toExtend<JsonInput>();
  });

  it("take undefined for an option that is left out", () => {
    expectTypeOf<{ readonly registry: undefined }>().toExtend<Parameters<typeof Package.browse>[1]>();
    expectTypeOf<{ readonly defaultRemoteRegistry: null }>().toExtend<Config>();
  });

  it("say what the files of an imported package hold", () => {
    type Weather = TypedPackage<{ "a.csv": Record<"city", string>[]; "b/c.md": string }>;
    expectTypeOf<Weather>().toExtend<Package>();
    const read = (pkg: Weather) => pkg.entry("a.csv").deserialize();
    expectTypeOf(read).returns.resolves.toEqualTypeOf<Record<"city", string>[]>();
    // @ts-expect-error a file that there is not
    const wrong = (pkg: Weather): unknown => pkg.entry("b.csv");
    expect(wrong).toBeDefined();
  });

  it("narrow errors by the guard", () => {
    const error: unknown = new Error("x");
    if (isT4Error(error, "ERR_T4_CONFLICT")) expectTypeOf(error.facts).toEqualTypeOf<door.ErrorFacts>();
    expectTypeOf(error).toBeUnknown();
  });

  it("refuse what would go wrong", () => {
    const pkg = new Package();
    const wrong = [
      // @ts-expect-error an option that there is not
      (): unknown => pkg.push("a/b", "./registry", { mesage: "x" }),
      // @ts-expect-error a policy that there is not
      (): SetDirOptions => ({ updatePolicy: "newest" }),
      // @ts-expect-error entries come from packages
      (): unknown => new PackageEntry(),
      // @ts-expect-error what belongs to the inside
      (): unknown => pkg.entry("a").toEntry(),
      // @ts-expect-error a code that there is not
      (): unknown => isT4Error(new Error("x"), "ERR_T4_OOPS"),
      // @ts-expect-error results are not to be changed
      (diff: door.PackageDiff): unknown => diff.added.push("x"),
      // @ts-expect-error metadata is set with setMeta
      (): unknown => (pkg.meta = {}),
    ];
    expect(wrong).toHaveLength(7);
  });
});

it("the door has these names and no others", () => {
  expect(Object.keys(door).sort()).toEqual([
    "Bucket",
    "EXIT_CODES",
    "FINDING_CODES",
    "Package",
    "PackageEntry",
    "PyFloat",
    "T4Error",
    "Timestamp",
    "config",
    "copyPackage",
    "deletePackage",
    "deleteRevision",
    "directoryBase",
    "exportRegistry",
    "find",
    "inspectRegistry",
    "isT4Error",
    "listPackages",
    "listRevisions",
    "locations",
    "nearest",
    "openLock",
    "openRegistry",
    "packageTypes",
    "parseReference",
    "pathOrUrl",
    "pyFloat",
    "registerFormat",
    "registryPolicy",
    "search",
    "shellWord",
    "sql",
    "unportableKeys",
  ]);
});
