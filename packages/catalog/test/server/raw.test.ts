import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Package } from "t4";
import { beforeAll, describe, expect, it } from "vitest";
import { parseRange } from "#server/byte-range.js";
import { HOST, push, type TestCatalog, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");
let catalog: TestCatalog;
let id: string;
let raw: string;
let other: string;

beforeAll(async () => {
  catalog = testCatalog();
  await push({ registry, name: "alice/a" }, { "secret.txt": "of another revision" });
  ({ id } = await catalog.registries.open(registry));
  const rawOf = async (name: string): Promise<string> =>
    (await catalog.json<{ raw: string }>(`/api/v1/r/${id}/p/${name}/resolve`)).raw;
  other = await rawOf("alice/a");
  await push(
    { registry, name: "alice/a" },
    {
      "d/0123456789.txt": "0123456789",
      "a b%20&#?.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
      "page.html": "<script>alert(1)</script>",
      "code.js": "1",
      "x.png": Uint8Array.of(1, 2),
      "empty.txt": "",
    },
  );
  raw = await rawOf("alice/a");
});

/** As a frame without an origin asks: without the session. */
const fetchRaw = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  catalog.app.request(`http://${HOST}${path}`, { headers: { Host: HOST, ...headers } });

describe("an address of bytes", () => {
  it("opens the files of its revision without the session, verified", async () => {
    const response = await fetchRaw(`${raw}d/0123456789.txt`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("0123456789");
    expect(response.headers.get("T4-Verified")).toBe("1");
    expect(response.headers.get("ETag")).toMatch(/^"/);
    expect((await fetchRaw(`${raw}${encodeURIComponent("a b%20&#?.svg")}`)).status).toBe(200);
  });

  it("opens nothing else: no other revision, package, registry or mark", async () => {
    const [, , , mark = "", reg = "", ns = "", name = "", hash = ""] = raw.split("/");
    const otherHash = other.split("/")[7] ?? "";
    expect((await fetchRaw(`${other}secret.txt`)).status).toBe(200);
    for (const path of [
      `/-/raw/${mark}/${reg}/${ns}/${name}/${otherHash}/secret.txt`,
      `/-/raw/${mark.replace(/.$/, (last) => (last === "A" ? "B" : "A"))}/${reg}/${ns}/${name}/${hash}/x.png`,
      `/-/raw/${mark}/${reg}x/${ns}/${name}/${hash}/x.png`,
      `/-/raw/${mark}/${reg}/${ns}/other/${hash}/x.png`,
    ]) {
      expect((await fetchRaw(path)).status).toBe(403);
    }
    for (const path of ["nothing.txt", "../secret.txt", "..%2f..%2fsecret.txt", "d", "d/"]) {
      expect((await fetchRaw(raw + path)).status, path).toBe(404);
    }
  });

  it("says types of pictures only; all else is bytes that no browser takes for a page", async () => {
    const typeOf = async (path: string): Promise<string | null> =>
      (await fetchRaw(raw + path)).headers.get("Content-Type");
    expect(await typeOf("x.png")).toBe("image/png");
    expect(await typeOf("a%20b%2520&%23%3F.svg")).toBe("image/svg+xml");
    expect(await typeOf("page.html")).toBe("application/octet-stream");
    expect(await typeOf("d/0123456789.txt")).toBe("application/octet-stream");
  });

  it("is a page only in a frame, under a policy that allows its own revision alone", async () => {
    const { headers } = await fetchRaw(`${raw}page.html`, {
      "Sec-Fetch-Dest": "iframe",
      "Sec-Fetch-Site": "same-origin",
    });
    expect(headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    const policy = headers.get("Content-Security-Policy") ?? "";
    expect(policy).toMatch(/^sandbox allow-scripts; default-src 'none'; /);
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toContain(`connect-src data: blob: http://${HOST}${raw};`);
    expect(policy).not.toMatch(/allow-same-origin|allow-top|allow-popups|allow-forms|connect-src[^;]*'self'/);
    const kept = await fetchRaw(`${raw}x.png`, { "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin" });
    expect(kept.headers.get("Content-Security-Policy")).toMatch(/sandbox; frame-ancestors 'none'$/);
  });

  it("is a script for frames without an origin only: never for the catalog's own pages", async () => {
    const typeOf = async (site: string): Promise<string | null> => {
      const headers = { "Sec-Fetch-Dest": "script", "Sec-Fetch-Site": site };
      return (await fetchRaw(`${raw}code.js`, headers)).headers.get("Content-Type");
    };
    expect(await typeOf("cross-site")).toBe("text/javascript; charset=utf-8");
    expect(await typeOf("same-origin")).toBe("application/octet-stream");
  });

  it("gives its own revision's charts a page that reads it, and no other address one", async () => {
    const place = raw.replace("/-/raw/", "/-/chart/");
    const { headers, status } = await fetchRaw(`${place}?path=x.vl.json`);
    expect(status).toBe(200);
    const policy = headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain("sandbox allow-scripts");
    expect(policy).toContain(`script-src http://${HOST}/assets/;`);
    expect(policy).toContain(`connect-src data: blob: http://${HOST}${raw};`);
    expect((await fetchRaw(place.replace(/.\/$/, "0/").replace(/chart\/./, "chart/_"))).status).toBe(403);
  });

  it("shows nothing at the top of a tab: there it saves", async () => {
    const disposition = async (path: string, headers: Record<string, string>): Promise<string | null> =>
      (await fetchRaw(raw + path, headers)).headers.get("Content-Disposition");
    expect(await disposition("page.html", { "Sec-Fetch-Dest": "document" })).toBe(
      "attachment; filename*=UTF-8''page.html",
    );
    expect(await disposition("x.png?download=1", {})).toContain("attachment");
    expect(await disposition("x.png", { "Sec-Fetch-Dest": "image" })).toContain("inline");
    expect((await fetchRaw(`${raw}page.html`)).headers.get("Content-Security-Policy")).toContain("sandbox");
  });

  it("reads ranges", async () => {
    const range = async (header: string): Promise<[number, string, string | null]> => {
      const response = await fetchRaw(`${raw}d/0123456789.txt`, { Range: header });
      return [response.status, await response.text(), response.headers.get("Content-Range")];
    };
    expect(await range("bytes=2-4")).toEqual([206, "234", "bytes 2-4/10"]);
    expect(await range("bytes=8-99")).toEqual([206, "89", "bytes 8-9/10"]);
    expect(await range("bytes=-3")).toEqual([206, "789", "bytes 7-9/10"]);
    expect(await range("bytes=10-")).toEqual([416, "", "bytes */10"]);
    const { headers } = await fetchRaw(`${raw}d/0123456789.txt`, { Range: "bytes=2-4" });
    expect(headers.get("Cache-Control"), "Chromium's cache returns parts of parts").toBe("no-store");
    expect(await range("lines=1-2")).toEqual([200, "0123456789", null]);
    expect((await fetchRaw(`${raw}empty.txt`, { Range: "bytes=0-9" })).status).toBe(416);
    expect(await (await fetchRaw(`${raw}empty.txt`)).text()).toBe("");
  });
});

it("ranges of headers are read as RFC 9110 has them", () => {
  expect(parseRange("bytes=0-0", 5)).toEqual({ start: 0, end: 1 });
  expect(parseRange("bytes=3-1", 5)).toBe("unsatisfiable");
  expect(parseRange("bytes=-0", 5)).toBe("unsatisfiable");
  expect(parseRange("bytes=-9", 5)).toEqual({ start: 0, end: 5 });
  for (const none of ["bytes=-", "bytes=1-2,4-5", "bytes = 1-2", undefined])
    expect(parseRange(none, 5)).toBeUndefined();
});

describe("bytes that are not what the manifest says", () => {
  const publish = async (name: string): Promise<{ raw: string; place: string }> => {
    const place = join(home, name);
    await push({ registry: place, name: "alice/x" }, { "a.txt": "right" });
    const { id: opened } = await catalog.registries.open(place);
    return { place, ...(await catalog.json<{ raw: string }>(`/api/v1/r/${opened}/p/alice/x/resolve`)) };
  };
  const objects = (place: string): string[] => {
    const found = readdirSync(join(place, ".quilt/t4/objects"), { recursive: true, withFileTypes: true });
    return found.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name));
  };

  it("are never sent", async () => {
    const { raw: damaged, place } = await publish("damaged");
    for (const path of objects(place)) {
      rmSync(path);
      writeFileSync(path, "wrong");
    }
    const response = await fetchRaw(`${damaged}a.txt`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: "ERR_T4_INTEGRITY" });
  });

  it("and are gone, are an error that says what to do", async () => {
    const { raw: gone, place } = await publish("gone");
    for (const path of objects(place)) rmSync(path);
    for (const headers of [{}, { Range: "bytes=1-2" }] as Record<string, string>[]) {
      const response = await fetchRaw(`${gone}a.txt`, headers);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        code: "ERR_T4_NOT_FOUND",
        hint: expect.stringContaining("t4 fsck"),
      });
    }
  });

  it("lie outside the registry, are refused: a stranger's package must not name our files", async () => {
    const place = join(home, "thief");
    const secret = join(home, "secret.txt");
    writeFileSync(secret, "the user's own");
    await (await new Package().set("loot.txt", secret)).push("alice/thief", place, { copy: "none" });
    const { id: opened } = await catalog.registries.open(place);
    const { raw: loot } = await catalog.json<{ raw: string }>(`/api/v1/r/${opened}/p/alice/thief/resolve`);
    for (const headers of [{}, { Range: "bytes=1-2" }] as Record<string, string>[]) {
      const response = await fetchRaw(`${loot}loot.txt`, headers);
      expect(response.status).toBe(403);
      expect(await response.text()).not.toContain("the user's own");
    }
  });
});
