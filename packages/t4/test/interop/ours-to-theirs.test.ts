import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { type ClientName, type ClientPackage, nextSecond } from "./client.js";
import { clientIn } from "./client-in.js";
import { ourPackage } from "./contents.js";
import { SHARED_PLACES } from "./places.js";
import { collect, filesIn } from "./registry.js";
import { samplesFor, writeFiles } from "./samples.js";

const NAME = "ours/sample";
const CLIENTS: readonly ClientName[] = ["quilt3", "t4-2019"];
const CASES = SHARED_PLACES.flatMap((place) => CLIENTS.map((client) => Object.assign({ client }, place)));

describe.each(CASES)("what we publish in $title, in the hands of $client", ({ client, ...place }) => {
  const their = clientIn(place, client);

  it.each(samplesFor(place))(
    "$title: browsed, installed, verified and published again",
    { timeout: 300_000 },
    async (sample) => {
      const root = temporaryDirectory();
      const at = (name: string): string => join(root, name);
      const pkg = await ourPackage(sample.make(at("source")));
      const registry = await place.ours(root, "registry");
      const topHash = await pkg.push(NAME, registry, { message: "Ours" });

      const browsed = await their.call<ClientPackage>("browse", { registry, name: NAME });
      expect(browsed).toEqual({ topHash, manifest: await place.manifestIn(registry, topHash) });

      await their.call("install", { registry, name: NAME, dest: at("copies"), into: at("local") });
      if (sample.count > 0) {
        const directory = client === "quilt3" ? at("copies") : join(at("copies"), NAME);
        expect(filesIn(directory)).toEqual(filesIn(at("source")));
        if (client === "quilt3") expect(await their.call("verify", { registry, name: NAME, directory })).toBe(true);
        expect(await pkg.verify(directory)).toMatchObject({ ok: true, checked: sample.count });
      }

      const copy = place.takesCopiesOf.includes(client);
      const into = copy ? await place.theirs(root, "again") : registry;
      const to = "theirs/again";
      expect(await their.call("republish", { registry, name: NAME, into, to, message: "Ours", copy })).toBe(topHash);
      const back = await Package.install(to, { registry: into, allowLocal: [root], dest: at("back") });
      expect(back.topHash()).toBe(topHash);
      expect(await pkg.verify(at("back"))).toMatchObject({ ok: true, checked: sample.count });
    },
  );

  it.runIf(place.takesFilesOf.includes(client))(
    "is pushed on with one file more, which we read",
    { timeout: 300_000 },
    async () => {
      const root = temporaryDirectory();
      const registry = await place.ours(root, "registry");
      const topHash = await (await new Package().setText("a.txt", "a")).push(NAME, registry, { message: "Ours" });
      await nextSecond();
      const { extra } = writeFiles(join(root, "more"), { extra: "more" });
      const next = await their.call<string>("pushOn", { registry, name: NAME, key: "extra", path: extra });
      const log = await collect((await openRegistry(registry)).log(NAME));
      expect(log.map((revision) => revision.topHash)).toEqual([next, topHash]);
      const pkg = await Package.browse(NAME, { registry, allowLocal: [root] });
      expect([pkg.topHash(), pkg.count]).toEqual([next, 2]);
      expect(await pkg.entry("extra").text()).toBe("more");
      expect(await pkg.entry("a.txt").text()).toBe("a");
    },
  );
});
