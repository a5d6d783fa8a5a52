import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { type ClientName, type ClientPackage, startClient } from "./client.js";
import { ourPackage } from "./contents.js";
import { filesIn, manifestIn } from "./registry.js";
import { SAMPLES } from "./samples.js";

const NAME = "ours/sample";

describe.each<ClientName>(["quilt3", "t4-2019"])("what we publish, in the hands of %s", (client) => {
  const their = startClient(client);
  afterAll(() => their.close());

  it.each(SAMPLES)("$title: browsed, installed, verified and published again", async (sample) => {
    const root = temporaryDirectory();
    const at = (name: string): string => join(root, name);
    const pkg = await ourPackage(sample.make(at("source")));
    const registry = at("registry");
    const topHash = await pkg.push(NAME, registry, { message: "Ours" });

    const browsed = await their.call<ClientPackage>("browse", { registry, name: NAME });
    expect(browsed).toEqual({ topHash, manifest: manifestIn(registry, topHash) });

    await their.call("install", { registry, name: NAME, dest: at("copies"), into: at("local") });
    if (sample.count > 0) {
      const directory = client === "quilt3" ? at("copies") : join(at("copies"), NAME);
      expect(filesIn(directory)).toEqual(filesIn(at("source")));
      if (client === "quilt3") expect(await their.call("verify", { registry, name: NAME, directory })).toBe(true);
      expect(await pkg.verify(directory)).toMatchObject({ ok: true, checked: sample.count });
    }

    const again = await their.call("republish", { registry, name: NAME, into: at("again"), message: "Ours" });
    expect(again).toBe(topHash);
    const back = await Package.install(NAME, { registry: at("again"), allowLocal: [root], dest: at("back") });
    expect(back.topHash()).toBe(topHash);
    expect(await pkg.verify(at("back"))).toMatchObject({ ok: true, checked: sample.count });
  });
});
