import { describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { type Client, nextSecond } from "./client.js";
import { clientIn } from "./client-in.js";
import { SHARED_PLACES } from "./places.js";
import { collect } from "./registry.js";

const NAME = "mixed/history";

describe.each(SHARED_PLACES)("a history of their pushes and ours in $title", (place) => {
  const quilt3 = clientIn(place, "quilt3");
  const t4Of2019 = clientIn(place, "t4-2019");

  it("is complete and in order, for them and for us", { timeout: 300_000 }, async () => {
    const root = temporaryDirectory();
    const registry = await place.ours(root, "registry");
    const ours = async (message: string): Promise<string> =>
      (await new Package().setText("a", message)).push(NAME, registry, { message, force: true });
    const theirs =
      (client: Client) =>
      async (message: string): Promise<string> => {
        await nextSecond();
        return client.call("describe", { registry, name: NAME, message });
      };
    const [byQuilt, byT4] = [theirs(quilt3), theirs(t4Of2019)];

    const pushed: string[] = [];
    for (const [i, push] of [ours, byQuilt, ours, ours, byT4, byQuilt, ours, byT4, ours, byQuilt].entries())
      pushed.push(await push(`Revision ${i}`));
    expect(new Set(pushed).size).toBe(10);

    const log = await collect((await openRegistry(registry)).log(NAME));
    expect(log.map(({ topHash }) => topHash).reverse()).toEqual(pushed);
    const versions = await quilt3.call<[pointer: string, topHash: string][]>("versions", { registry, name: NAME });
    const byTime = versions.filter(([pointer]) => pointer !== "latest").sort(([one], [two]) => (one < two ? -1 : 1));
    expect(byTime.map(([, topHash]) => topHash)).toEqual(pushed);
    for (const client of [quilt3, t4Of2019]) {
      expect(await client.call("list", { registry })).toEqual([NAME]);
      for (const top_hash of [undefined, ...pushed])
        expect(await client.call("browse", { registry, name: NAME, top_hash })).toMatchObject({
          topHash: top_hash ?? pushed[9],
        });
    }
  });
});
