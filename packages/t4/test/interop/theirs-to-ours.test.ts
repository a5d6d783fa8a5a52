import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { type ClientName, type ClientPackage, nextSecond, startClient } from "./client.js";
import { type Contents, ourPackage, theirPackage } from "./contents.js";
import { filesIn, manifestIn } from "./registry.js";
import { SAMPLES, writeFiles } from "./samples.js";

const NAME = "theirs/sample";

describe.each<ClientName>(["quilt3", "t4-2019"])("what %s publishes, in our hands", (client) => {
  const their = startClient(client);
  afterAll(() => their.close());

  it.each(SAMPLES)("$title: browsed, installed, verified and published again", async (sample) => {
    const root = temporaryDirectory();
    const at = (name: string): string => join(root, name);
    const contents = sample.make(at("source"));
    const registry = at("registry");
    const topHash = await their.call<string>("push", {
      registry,
      name: NAME,
      message: "Theirs",
      ...theirPackage(contents),
    });
    const options = { registry, allowLocal: [at("source")] };

    const pkg = await Package.browse(NAME, options);
    expect([pkg.topHash(), pkg.count]).toEqual([topHash, sample.count]);
    expect([...pkg.manifest()].join("")).toBe(manifestIn(registry, topHash));

    await Package.install(NAME, { ...options, dest: at("copies") });
    expect(filesIn(at("copies"))).toEqual(filesIn(at("source")));
    expect(await pkg.verify(at("copies"))).toMatchObject({ ok: true, checked: sample.count });
    const findings = await (await openRegistry(registry)).fsck({ readData: true });
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);

    expect(await pkg.push(NAME, at("again"), { message: "Theirs" })).toBe(topHash);
    const back = await their.call<ClientPackage>("browse", { registry: at("again"), name: NAME });
    expect(back).toEqual({ topHash, manifest: manifestIn(at("again"), topHash) });
    expect(pkg.diff(await Package.browse(NAME, { registry: at("again") }))).toEqual({
      added: [],
      modified: [],
      deleted: [],
      metadata: [],
    });

    if (client === "quilt3") {
      // From the same files, with the hash type of today, we make the very same manifest.
      const ours = await ourPackage(contents);
      expect(await ours.build(NAME, { registry: at("ours"), message: "Theirs" })).toBe(topHash);
      expect(manifestIn(at("ours"), topHash)).toBe(manifestIn(registry, topHash));
    }
  });

  it("differs in the same keys from one revision to the next", async () => {
    const root = temporaryDirectory();
    const registry = join(root, "registry");
    const before = writeFiles(join(root, "before"), {
      "same ü": "1",
      "a/edited": "2",
      "a/described": "3",
      "a #/gone": "4",
    });
    const after = writeFiles(join(root, "after"), {
      "same ü": "1",
      "a/edited": "two",
      "a/described": "3",
      "a?/new": "5",
    });
    const described = { ...after, "a/described": { path: after["a/described"] ?? "", meta: { by: "us" } } };
    const push = async (files: Contents["files"]): Promise<string> =>
      their.call("push", { registry, name: NAME, ...theirPackage({ files }) });
    const first = await push(before);
    await nextSecond();
    const second = await push(described);

    const theirs = await their.call<[string[], string[], string[]]>("diff", {
      registry,
      name: NAME,
      before: first,
      after: second,
    });
    expect(theirs).toEqual([["a?/new"], ["a/described", "a/edited"], ["a #/gone"]]);
    const pkg = await Package.browse(NAME, { registry, topHash: first });
    const { added, modified, deleted } = pkg.diff(await Package.browse(NAME, { registry, topHash: second }));
    expect([added, modified, deleted]).toEqual(theirs);
  });
});
