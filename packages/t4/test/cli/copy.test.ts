import { expect, it } from "vitest";
import { Scratch } from "./scratch.js";

it("copy of what is the latest there already publishes nothing, and says so, unless forced", async () => {
  const scratch = new Scratch();
  scratch.write("data/a.txt", "one");
  await scratch.publish("data", "registry", "First");
  const copy = (...options: readonly string[]): string =>
    scratch.t4(["copy", "alice/weather", "registry", "second", ...options]).err;
  const isTwice = (): boolean => scratch.t4(["show", "alice/weather@latest~1", "--registry", "second"]).code === 0;
  expect(copy()).toContain("Copied alice/weather to second.");
  expect(copy()).toContain("The latest revision of alice/weather in second is the same already: nothing was copied.");
  expect(isTwice()).toBe(false);
  expect(copy("--force")).toContain("Copied alice/weather to second.");
  expect(isTwice()).toBe(true);
});
