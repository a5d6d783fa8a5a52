import { isCampaign } from "testkit/runs.js";
import { describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { ended, historyOf, startActor } from "../process/actors.js";
import { temporaryDirectory } from "../temporary.js";
import { clientIn } from "./client-in.js";
import { SHARED_PLACES } from "./places.js";

const NAME = "race/data";
/** What Quilt 3 waits between its pushes, seconds: bursts, a steady second for long, and short rests. */
const PAUSES = [0, 0, 2, 0.3, 0, 0, ...Array.from({ length: 12 }, () => 1), 0.5, 0.5, 0.5, 0.1, 0.1, 3, 0];
/** So many of ours come through meanwhile at least. */
const FEWEST = 5;
/** How long Quilt 3 may take for what it does unconditionally; what follows from a longer stall is said in SECURITY.md. */
const STALL_SECONDS = 2;

/** A round in a bucket takes a minute, and more of them where Quilt 3 stalls. */
const PLACES = SHARED_PLACES.filter(({ isFolder }) => isFolder || isCampaign);

describe.each(PLACES)("Quilt 3 and we on one package in $title", (place) => {
  const quilt3 = clientIn(place, "quilt3");

  it("every push that we acknowledged is in the history, also in theirs", { timeout: 600_000 }, async () => {
    for (let round = 0; ; round++) {
      const root = temporaryDirectory();
      const stage = { root: await place.ours(root, "registry"), name: NAME, dest: "" };
      await (await new Package().setText("who.txt", "ours")).push(NAME, stage.root);
      // From the first on, so that our writer knows of the other.
      await quilt3.call("describe", { registry: stage.root, name: NAME, message: "theirs" });
      const writer = startActor("push", stage, "ours");
      const request = { registry: stage.root, name: NAME, pauses: PAUSES };
      const theirs = await quilt3.call<{ longestSeconds: number }>("race", request);
      writer.child.kill("SIGTERM");
      await ended(writer);
      // A round in which Quilt 3 stalled proves nothing: it is run again.
      if (theirs.longestSeconds >= STALL_SECONDS && round < 5) continue;
      expect(theirs.longestSeconds).toBeLessThan(STALL_SECONDS);

      expect(writer.said.length).toBeGreaterThanOrEqual(FEWEST);
      const history = await historyOf(stage);
      expect(writer.said.filter((topHash) => !history.includes(topHash))).toEqual([]);
      const versions = await quilt3.call<[string, string][]>("versions", { registry: stage.root, name: NAME });
      const theirHistory = versions.filter(([pointer]) => pointer !== "latest").sort(([a], [b]) => (a < b ? 1 : -1));
      expect(theirHistory.map(([, topHash]) => topHash)).toEqual(history);
      return;
    }
  });
});
