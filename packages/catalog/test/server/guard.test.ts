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
  it("is asked for by the API alone: pages are the same for everybody, and hold nothing", async () => {
    const page = await ask("/", {});
    expect(page.status).toBe(200);
    expect(await page.text()).toBe(await (await catalog.get("/r/x/p/alice/a")).text());
    const wrong: Record<string, string>[] = [
      {},
      { Authorization: "Bearer guessed" },
      { Authorization: catalog.session.secret },
      { Cookie: `t4-session=${catalog.session.secret}` },
    ];
    for (const headers of wrong) {
      const refused = await ask("/api/v1/registries", headers);
      expect(refused.status).toBe(401);
      expect(await refused.json()).toMatchObject({ code: "Locked", command: "t4 catalog" });
    }
    expect((await ask("/api/v1/registries", { Authorization: `Bearer ${catalog.session.secret}` })).status).toBe(200);
  });

  it("is opened once by the token, whose answer is the secret, and no cookie", async () => {
    const fresh = testCatalog();
    const { token, secret } = fresh.session;
    const open = async (body: string, headers: Record<string, string> = {}): Promise<Response> =>
      fresh.app.request(`http://${HOST}/api/v1/session`, { method: "POST", body, headers: { Host: HOST, ...headers } });
    expect((await open('{"token":"wrong"}')).status).toBe(401);
    expect((await open("{}")).status).toBe(401);
    // A site that knows it cannot spend it in the user's name.
    expect((await open(JSON.stringify({ token }), { "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
    expect((await open(JSON.stringify({ token }), { Origin: "http://evil.example" })).status).toBe(403);
    const first = await open(JSON.stringify({ token }), { Origin: `http://${HOST}`, "Sec-Fetch-Site": "same-origin" });
    expect([first.status, await first.json(), first.headers.get("Set-Cookie")]).toEqual([200, { secret }, null]);
    expect((await open(JSON.stringify({ token }))).status).toBe(401);
  });

  it("has secrets of 256 bits that differ from run to run", () => {
    const { session } = testCatalog();
    expect(Buffer.from(session.token, "base64url")).toHaveLength(32);
    expect(Buffer.from(session.secret, "base64url")).toHaveLength(32);
    expect(new Set([session.token, session.secret, catalog.session.token, catalog.session.secret]).size).toBe(4);
  });

  it("leads nowhere else: no address of a page is answered with another one", async () => {
    const page = await catalog.app.request(`http://${HOST}//evil.example/x?token=y`, { headers: { Host: HOST } });
    expect([page.status, page.headers.get("Location")]).toEqual([200, null]);
  });

  it("leaves no answer of the API in the browser, where the next server on this port could find it", async () => {
    const { topHash } = await catalog.json<{ topHash: string }>(api);
    const base = api.replace("/resolve", `/m/${topHash}`);
    for (const path of [api, base, `${base}/dir`, `${base}/entry?path=a.txt`, `${base}/totals`]) {
      expect((await catalog.get(path)).headers.get("Cache-Control"), path).toBe("no-store");
    }
  });
});

describe("requests of other sites", () => {
  it.each(["cross-site", "same-site", "none"])("%s are refused, even with the secret", async (site) => {
    expect((await catalog.get("/api/v1/registries", { "Sec-Fetch-Site": site })).status).toBe(403);
    expect((await catalog.post("/api/v1/registries", { location: registry }, { "Sec-Fetch-Site": site })).status).toBe(
      403,
    );
  });

  it.each(["http://evil.example", `http://127.0.0.1:${PORT + 1}`, `https://${HOST}`, "null"])(
    "of the origin %s are refused, even with the secret",
    async (origin) => {
      expect((await catalog.get("/api/v1/registries", { Origin: origin })).status).toBe(403);
      expect((await catalog.get("/api/v1/registries", { Origin: `http://${HOST}` })).status).toBe(200);
    },
  );

  it("may lead to a page: a link in a terminal of a browser does", async () => {
    expect((await catalog.get("/", { "Sec-Fetch-Site": "cross-site" })).status).toBe(200);
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
    const cookie = "t4-theme=";
    expect(await (await catalog.get("/", { Cookie: `${cookie}dark` })).text()).toContain('data-theme="dark"');
    expect(await (await catalog.get("/", { Cookie: `${cookie}%22%3E%3Cscript` })).text()).toContain(
      'data-theme="auto"',
    );
  });
});
