import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser } from "#server/open-browser.js";
import { temporaryHome } from "../fixture.js";

const home = temporaryHome();
const before = process.env["PATH"];
const saw = join(home, "saw");

beforeAll(() => {
  const bin = join(home, "bin");
  mkdirSync(bin);
  for (const name of ["xdg-open", "open"]) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "$@" > '${saw}.part'\nmv '${saw}.part' '${saw}'\n`);
    chmodSync(join(bin, name), 0o755);
  }
  process.env["PATH"] = `${bin}${delimiter}${before}`;
});
afterAll(() => {
  process.env["PATH"] = before;
});

it("the browser is led to the address by a file of this user's own: every user sees what programs are started with", async () => {
  const url = "http://127.0.0.1:4444/r/x#token=a-token";
  const shown = openBrowser(url, 4444);
  while (!existsSync(saw)) await setTimeout(10);
  const file = readFileSync(saw, "utf8").trim();
  expect(file).not.toContain("token");
  expect(readFileSync(file, "utf8")).toContain(`content="0; url=${url}"`);
  expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
  // That of a catalog that was killed is no hindrance.
  openBrowser(url, 4444);
  shown.forget();
  expect(existsSync(file)).toBe(false);
});
