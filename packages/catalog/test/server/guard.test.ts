import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { HOST, PORT, push, type TestCatalog, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");
let catalog: TestCatalog;
let raw: string;
let api: string;

beforeAll(async () => {
  catalog = testCatalog();
  await push({ registry, name: "alice/a" }, { "a.txt": "a" });
  const { id } = await catalog.registries.open(registry);
  api = `/api/v1/r/${id}/p/alice/a/resolve`;
  ({ raw } = await catalog.json<{ raw: string }>(api));
});

const ask = async (path: string, headers: Record<string, string>): Promise<Response> =>
  catalog.app.request(`http://${HOST}${path}`, { headers: { Host: HOST, ...headers } });

describe("the host", () => {
  it.each(["evil.example", `evil.example:${PORT}`, "127.0.0.1", `127.0.0.1:${PORT + 1}`, `0.0.0.0:${PORT}`, ""])(
    "%j is refused for pages, API, bytes and assets, whatever else is right",
    async (host) => {
      for (const path of ["/", "/api/v1/registries", `${raw}a.txt`, "/assets/mark.svg"]) {
        expect((await catalog.get(path, { Host: host })).status).toBe(421);
      }
    },
  );

  it.each([HOST, `localhost:${PORT}`])("%j is answered", async (host) => {
    expect((await catalog.get("/", { Host: host })).status).toBe(200);
  });
});

describe("the session", () => {
  it("is asked for by pages and the API", async () => {
    const page = await ask("/", {});
    expect(page.status).toBe(401);
    expect(await page.text()).toContain("t4 catalog");
    expect((await ask("/api/v1/registries", {})).status).toBe(401);
    expect((await ask("/api/v1/registries", { Cookie: `${catalog.session.cookieName}=guessed` })).status).toBe(401);
    expect(
      (await ask("/api/v1/registries", { Cookie: `x${catalog.session.cookieName}=${catalog.session.cookie}` })).status,
    ).toBe(401);
  });

  it("opens once by the token, for pages only, and the address loses it", async () => {
    const fresh = testCatalog();
    const { token, cookieName, cookie } = fresh.session;
    const open = async (path: string): Promise<Response> =>
      fresh.app.request(`http://${HOST}${path}`, { headers: { Host: HOST } });
    expect((await open(`/api/v1/registries?token=${token}`)).status).toBe(401);
    expect((await open("/?token=wrong")).status).toBe(401);
    const first = await open(`/r/x?token=${token}&view=1`);
    expect(first.status).toBe(303);
    expect(first.headers.get("Location")).toBe("/r/x?view=1");
    expect(first.headers.get("Set-Cookie")).toBe(`${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict`);
    expect((await open(`/?token=${token}`)).status).toBe(401);
  });

  it("has secrets of 256 bits that differ from run to run", () => {
    const { session } = testCatalog();
    expect(Buffer.from(session.token, "base64url")).toHaveLength(32);
    expect(new Set([session.token, session.cookie, catalog.session.token, catalog.session.cookie]).size).toBe(4);
  });
});

describe("requests of other sites", () => {
  it.each(["cross-site", "same-site"])("%s are refused, even with the cookie", async (site) => {
    expect((await catalog.get("/api/v1/registries", { "Sec-Fetch-Site": site })).status).toBe(403);
    expect((await catalog.get("/", { "Sec-Fetch-Site": site })).status).toBe(403);
  });

  it("can change nothing: a change is JSON with a header that no form can send", async () => {
    const post = (headers: Record<string, string>) =>
      catalog.post("/api/v1/registries", { location: registry }, headers);
    expect((await post({ "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
    expect((await post({ "Sec-Fetch-Site": "none" })).status).toBe(403);
    expect((await post({ "X-T4": "" })).status).toBe(403);
    expect((await post({ "Content-Type": "text/plain" })).status).toBe(403);
    expect((await post({})).status).toBe(200);
  });

  it("are never told that they may read", async () => {
    const paths = ["/", "/api/v1/registries", api, `${raw}a.txt`, "/assets/mark.svg", "/api/v1/nothing"];
    for (const path of paths) {
      const { headers } = await catalog.get(path, { Origin: "http://evil.example" });
      expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
    // Frames without an origin read what is public, and what opens by its address.
    for (const path of paths) {
      const { headers } = await catalog.get(path, { Origin: "null" });
      const isOpen = path.startsWith("/assets/") || path.startsWith("/-/raw/");
      expect(headers.get("Access-Control-Allow-Origin"), path).toBe(isOpen ? "null" : null);
    }
    const preflight = await catalog.app.request(`http://${HOST}/api/v1/registries`, {
      method: "OPTIONS",
      headers: { Host: HOST, Origin: "http://evil.example", "Access-Control-Request-Method": "POST" },
    });
    expect(preflight.status).toBe(401);
  });
});

describe("headers", () => {
  it("of all answers forbid what is not needed", async () => {
    const paths = [
      "/",
      "/r/x",
      "/api/v1/registries",
      "/api/v1/nothing",
      "/assets/mark.svg",
      "/assets/nothing",
      `${raw}a.txt`,
    ];
    for (const path of paths) {
      const { headers } = await catalog.get(path);
      expect(headers.get("Content-Security-Policy"), path).toMatch(/^default-src 'none'/);
      expect(headers.get("X-Content-Type-Options"), path).toBe("nosniff");
      expect(headers.get("Referrer-Policy"), path).toBe("no-referrer");
      expect(headers.get("Cross-Origin-Resource-Policy"), path).toBe("same-origin");
      expect(headers.get("Cross-Origin-Opener-Policy"), path).toBe("same-origin");
    }
  });

  it("of pages allow no inline code, no eval and no foreign origin, and demand Trusted Types", async () => {
    const policy = (await catalog.get("/")).headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain(`script-src http://${HOST}/assets/;`);
    expect(policy.replaceAll(`http://${HOST}/`, "")).not.toMatch(/unsafe|https?:|\*/);
  });

  it("write the chosen theme into the page, and nothing else that a cookie says", async () => {
    const cookie = `${catalog.session.cookieName}=${catalog.session.cookie}; t4-theme=`;
    expect(await (await catalog.get("/", { Cookie: `${cookie}dark` })).text()).toContain('data-theme="dark"');
    expect(await (await catalog.get("/", { Cookie: `${cookie}%22%3E%3Cscript` })).text()).toContain(
      'data-theme="auto"',
    );
  });
});
