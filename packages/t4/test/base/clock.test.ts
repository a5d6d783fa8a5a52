import { expect, it } from "vitest";
import { systemClock } from "#t4/base/clock.js";

it("wakes at once, with the caller's reason, when the sleep is aborted", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const sleep = systemClock.sleep(60_000, controller.signal);
  controller.abort(reason);
  await expect(sleep).rejects.toBe(reason);
  await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
});
