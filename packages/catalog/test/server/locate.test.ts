import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { push, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "my-bucket");
const catalog = testCatalog();
let id: string;
let topHash: string;

beforeAll(async () => {
  topHash = await push({ registry, name: "alice/a" }, { "d/x y.txt": "x" });
  ({ id } = await catalog.registries.open(registry));
});

const locate = async (text: string, here = ""): Promise<{ href?: string; code?: string; hint?: string }> =>
  catalog.json(`/api/v1/locate?q=${encodeURIComponent(text)}${here === "" ? "" : `&registry=${here}`}`);

describe("a text that leads somewhere", () => {
  it("is a Quilt URI, by the registry's own URL or by the bucket that a folder is named after", async () => {
    const page = `/r/${id}/p/alice/a@${topHash}/files/d/x%20y.txt`;
    const rest = `#package=alice/a@${topHash}&path=d/x%20y.txt`;
    expect(await locate(`quilt+file://${registry}${rest}`)).toMatchObject({ href: page });
    expect(await locate(`quilt+s3://my-bucket${rest}`)).toMatchObject({ href: page });
    expect(await locate("quilt+s3://my-bucket#package=alice/a")).toMatchObject({ href: `/r/${id}/p/alice/a` });
  });

  it("is a link of a Quilt catalog", async () => {
    const link = "https://quilt.example/b/my-bucket/packages/alice/a";
    expect(await locate(link)).toMatchObject({ href: `/r/${id}/p/alice/a` });
    expect(await locate(`${link}/tree/latest/d/x%20y.txt?mode=text`)).toMatchObject({
      href: `/r/${id}/p/alice/a/files/d/x%20y.txt`,
    });
  });

  it("is a top hash or its beginning, or a package, in the registry that is open", async () => {
    const page = `/r/${id}/p/alice/a@${topHash}`;
    expect(await locate(topHash, id)).toMatchObject({ href: page });
    expect(await locate(topHash.slice(0, 8), id)).toMatchObject({ href: page });
    expect(await locate("alice/a@latest/d/x y.txt", id)).toMatchObject({
      href: `/r/${id}/p/alice/a/files/d/x%20y.txt`,
    });
  });
});

describe("a text that leads nowhere", () => {
  it.each([
    ["quilt+s3://other#package=alice/a", "ERR_T4_NOT_FOUND"],
    ["quilt+file:///etc#package=alice/a", "ERR_T4_NOT_FOUND"],
    ["https://quilt.example/b/my-bucket/packages/no/package", "ERR_T4_NOT_FOUND"],
    ["quilt+s3://my-bucket", "ERR_T4_INVALID_REFERENCE"],
    ["0".repeat(64), "ERR_T4_NOT_FOUND"],
    ["https://example.com/", "ERR_T4_INVALID_REFERENCE"],
    ["", "ERR_T4_INVALID_REFERENCE"],
  ])("says so: %s", async (text, code) => expect(await locate(text, id)).toMatchObject({ code }));
});
