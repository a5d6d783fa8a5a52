import { utimesSync } from "node:fs";
import { expect, it } from "vitest";
import { Scratch } from "./scratch.js";

it("fsck tells a damaged object once, however many revisions use it, and after a repair what is left", async () => {
  const scratch = new Scratch();
  scratch.write("data/same.txt", "same");
  for (let i = 0; i < 7; i++) {
    scratch.write("data/other.txt", `other ${i}`);
    await scratch.publish("data", "registry", `${i}`);
  }
  const object = scratch.shell("grep -rlx same registry/.quilt/t4/objects").out.trim();
  scratch.shell(`chmod u+w ${object} && echo longer >> ${object}`);
  const { code, out, err } = scratch.t4(["fsck", "registry"]);
  expect(code).toBe(6);
  expect(out).toMatch(
    /^error E_OBJECT_SIZE "same\.txt" at .* expected 4\.\n {2}used by 7 revisions: (\w{12}, ){5}…\n {2}Push.*\n$/,
  );
  expect(err).toContain("1 finding, 1 error left.");
  expect(JSON.parse(scratch.t4(["fsck", "registry", "--json"]).out)).toHaveLength(7);
  const past = new Date(Date.now() - 3_600_000);
  utimesSync(scratch.path(object), past, past);
  const repair = scratch.t4(["fsck", "registry", "--read-data", "--repair"]);
  expect(repair.out).toMatch(
    /E_OBJECT_SIZE .*\(repaired\)\nerror E_OBJECT_MISSING .* is missing\.\n {2}used by 7 revisions/,
  );
  expect(repair).toMatchObject({ code: 6, err: expect.stringContaining("1 error left.") as string });
});

it("fsck says what it did not read, what a repair would do, and with which options it goes on", async () => {
  const scratch = new Scratch();
  scratch.write("data/a.txt", "one");
  await scratch.publish("data", "registry", "First");
  expect(scratch.t4(["fsck", "registry"]).err).toBe(
    "Nothing is wrong.\nThe content of files was not read: --read-data does.\n",
  );
  expect(scratch.t4(["fsck", "registry", "--quiet"]).err).toBe("");
  const object = scratch.shell("grep -rlx one registry/.quilt/t4/objects").out.trim();
  scratch.shell(`chmod u+w ${object} && printf two > ${object}`);
  const found = scratch.t4(["fsck", "registry", "--read-data"]);
  expect(found).toMatchObject({ code: 6, out: expect.stringContaining("t4 fsck --repair --read-data first") });
  expect(found.err).toContain("t4 fsck registry --repair --read-data mends");
  expect(found.err).not.toContain("was not read");
  const planned = scratch.t4(["fsck", "registry", "--read-data", "--repair", "--dry-run"]);
  expect(planned.err).toContain("Nothing was changed; below the findings is what --repair would do.");
  const fresh = scratch.t4(["fsck", "registry", "--read-data", "--repair"]);
  expect(fresh.out).toContain("left; the same command in a minute mends it.");
  const past = new Date(Date.now() - 3_600_000);
  utimesSync(scratch.path(object), past, past);
  const mended = scratch.t4(["fsck", "registry", "--read-data", "--repair"]);
  expect(mended.out).toMatch(
    /E_OBJECT_HASH .*\(repaired\)\nerror E_OBJECT_MISSING .*\n {2}Push the data again[^;]*\.\n$/,
  );
  scratch.ok(["push"], "data");
  expect(scratch.t4(["fsck", "registry", "--read-data"])).toMatchObject({ code: 0 });
});
