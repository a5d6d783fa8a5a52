import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { type ClientPackage, nextSecond, startClient } from "./client.js";
import { clientIn } from "./client-in.js";
import { type Contents, ourPackage, theirPackage } from "./contents.js";
import { PLACES } from "./places.js";
import { filesIn } from "./registry.js";
import { samplesFor, writeFiles } from "./samples.js";

const NAME = "theirs/sample";
const CASES = PLACES.flatMap((place) => place.takesFilesOf.map((client) => Object.assign({ client }, place)));

describe.each(CASES)("what $client publishes in $title, in our hands", ({ client, ...place }) => {
  const their = clientIn(place, client);

  it.each(samplesFor(place))(
    "$title: browsed, installed, verified and published again",
    { timeout: 300_000 },
    async (sample) => {
      const root = temporaryDirectory();
      const at = (name: string): string => join(root, name);
      const contents = sample.make(at("source"));
      const registry = await place.theirs(root, "registry");
      const topHash = await their.call<string>("push", {
        registry,
        name: NAME,
        message: "Theirs",
        ...theirPackage(contents),
      });
      const options = { registry, allowLocal: [at("source")] };

      const pkg = await Package.browse(NAME, options);
      expect([pkg.topHash(), pkg.count]).toEqual([topHash, sample.count]);
      expect([...pkg.manifest()].join("")).toBe(await place.manifestIn(registry, topHash));

      await Package.install(NAME, { ...options, dest: at("copies") });
      expect(filesIn(at("copies"))).toEqual(filesIn(at("source")));
      expect(await pkg.verify(at("copies"))).toMatchObject({ ok: true, checked: sample.count });
      const findings = await (await openRegistry(registry)).fsck({ readData: true });
      expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);

      const again = await place.ours(root, "again");
      expect(await pkg.push(NAME, again, { message: "Theirs" })).toBe(topHash);
      const back = await their.call<ClientPackage>("browse", { registry: again, name: NAME });
      expect(back).toEqual({ topHash, manifest: await place.manifestIn(again, topHash) });
      expect(pkg.diff(await Package.browse(NAME, { registry: again }))).toEqual({
        added: [],
        modified: [],
        deleted: [],
        metadata: [],
      });

      if (client === "quilt3" && place.isFolder) {
        // From the same files, with the hash type of today, we make the very same manifest.
        const ours = await ourPackage(contents);
        expect(await ours.build(NAME, { registry: at("ours"), message: "Theirs" })).toBe(topHash);
        expect(await place.manifestIn(at("ours"), topHash)).toBe(await place.manifestIn(registry, topHash));
      }
    },
  );

  it("differs in the same keys from one revision to the next", { timeout: 300_000 }, async () => {
    const root = temporaryDirectory();
    const registry = await place.theirs(root, "registry");
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

it("Quilt 3 brings no files to Ceph, which does not tell it their hashes", { timeout: 300_000 }, async () => {
  const place = PLACES.find(({ takesFilesOf }) => !takesFilesOf.includes("quilt3")) as (typeof PLACES)[number];
  const quilt3 = startClient("quilt3", place.env);
  const root = temporaryDirectory();
  const contents = theirPackage({ files: writeFiles(join(root, "source"), { a: "a" }) });
  const registry = await place.theirs(root, "registry");
  await expect(quilt3.call("push", { registry, name: NAME, ...contents })).rejects.toThrow("ChecksumSHA256");
  await quilt3.close();
});
