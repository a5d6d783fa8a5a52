import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparedWith, compareHref, type PackageRoute, packageHref, parseRoute } from "../../web/state/routes.js";

describe("addresses", () => {
  it("name the same page when they are read again, whatever names and paths hold", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 8 });
    const path = fc.array(
      text.filter((part) => !part.includes("/") && part.isWellFormed()),
      { maxLength: 4 },
    );
    const word = fc.stringMatching(/^[\w-]{1,8}$/);
    const revision = fc.option(fc.stringMatching(/^[\w.~-]{1,12}$/), { nil: undefined });
    const all = fc.record({ registry: word, ns: word, name: word, revision, path });
    fc.assert(
      fc.property(all, ({ registry, ns, name, revision: at, path: parts }) => {
        const route: PackageRoute = {
          page: "files",
          registry,
          name: `${ns}/${name}`,
          path: parts.join("/"),
          ...(at === undefined ? {} : { revision: at }),
        };
        expect(parseRoute(packageHref(route))).toEqual(route);
      }),
    );
  });

  it.each([
    ["0".repeat(64), "alice/a"],
    ["latest~1", "alice/a"],
    ["a-tag", "bob/b"],
    [undefined, "bob/b"],
  ])("of a comparison name its base: revision %s of %s", (revision, name) => {
    const at: PackageRoute = { page: "compare", registry: "r", name: "alice/a", revision: "1".repeat(64), path: "" };
    const route = parseRoute(compareHref(at, { name, ...(revision === undefined ? {} : { revision }) }));
    expect(route).toMatchObject({ ...at, path: expect.anything() });
    expect(comparedWith(route as PackageRoute)).toEqual({ name, ...(revision === undefined ? {} : { revision }) });
    expect(comparedWith(at)).toBeUndefined();
  });

  it.each([
    ["/", "home"],
    ["/r/x-1", "packages"],
    ["/r/x-1/p/a/b", "overview"],
    ["/r/x-1/p/a/b@latest~1", "overview"],
    ["/r/x-1/p/a/b/revisions", "revisions"],
    ["/r/x-1/p/a/b@abc/files/", "files"],
    ["/r/x-1/p/a", "lost"],
    ["/elsewhere", "lost"],
    ["/r/x/p/a/b/files/%E0%A4%A", "files"],
  ])("%s is the page %s", (address, page) => {
    expect(parseRoute(address).page).toBe(page);
  });
});
