import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { push, temporaryHome } from "../fixture.js";
import { openRegistry, useCatalog } from "./browse.js";

const home = temporaryHome();
const registry = join(home, "registry");
const opened = useCatalog();
vi.setConfig({ testTimeout: 90_000 });
let base: string;
let topHash: string;

beforeAll(async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i},${i * i}`).join("\n");
  const many = Object.fromEntries(
    Array.from({ length: 1200 }, (_, i) => [`many/file-${String(i).padStart(4, "0")}.txt`, `${i}`]),
  );
  const files = {
    "data/table.csv": `n,square\n${rows}\n`,
    "README.md": "# Read me\n\n[table](data/table.csv)",
    ...many,
  };
  await push({ registry, name: "alice/a" }, { "old.txt": "old" }, { message: "First" });
  topHash = await push({ registry, name: "alice/a" }, files, { message: "Second" });
  base = `${await openRegistry(opened(), registry)}/p/alice/a`;
}, 60_000);

beforeEach(async () => {
  const { page } = opened();
  await page.setViewportSize({ width: 1280, height: 800 });
});

describe("a reader", () => {
  it("goes from the list to a file by links alone, and back", async () => {
    const { page, complaints } = opened();
    await page.goto(new URL(base).origin);
    await page
      .getByRole("link", { name: /registry/ })
      .first()
      .click();
    await page.getByRole("link", { name: "alice/a" }).click();
    await page.getByRole("heading", { name: "Read me" }).waitFor();
    await page.getByRole("link", { name: "table", exact: true }).click();
    await page.getByText("5,000 rows").waitFor();
    expect(page.url()).toBe(`${base}/files/data/table.csv`);
    expect(await page.title()).toBe("data/table.csv · alice/a · T4");
    await page.goBack();
    await page.getByRole("heading", { name: "Read me" }).waitFor();
    expect(page.url()).toBe(base);
    await page.goForward();
    await page.getByText("5,000 rows").waitFor();
    expect(complaints).toEqual([]);
  });

  it("takes a permanent link that another visit opens, also after latest moved", async () => {
    const { page, context } = opened();
    await page.goto(`${base}/files/data/table.csv`);
    await page.getByText("5,000 rows").waitFor();
    await page.keyboard.press("y");
    await page.waitForURL(`${base}@${topHash}/files/data/table.csv`);
    const link = await page.evaluate(async () => navigator.clipboard.readText());
    expect(link).toBe(page.url());
    await push({ registry, name: "alice/a" }, { "new.txt": "new" }, { message: "Third" });
    const other = await context.newPage();
    await other.goto(link);
    await other.getByText("5,000 rows").waitFor();
    await other.getByText("1 behind latest").waitFor();
    await other.getByRole("link", { name: "Go to latest" }).click();
    await other.getByText("The package has nothing at").waitFor();
    await other.close();
  });

  it("gets the whole hash for a short one", async () => {
    const { page } = opened();
    await page.goto(`${base}@${topHash.slice(0, 8)}`);
    await page.waitForURL(`${base}@${topHash}`);
  });

  it("copies a snippet that names the full top hash", async () => {
    const { page } = opened();
    await page.goto(`${base}@${topHash}`);
    await page.getByRole("button", { name: "Copy the snippet" }).waitFor();
    await page.keyboard.press("c");
    await page.getByText("Copied the snippet").waitFor();
    expect(await page.evaluate(async () => navigator.clipboard.readText())).toContain(`alice/a@${topHash}`);
  });
});

describe("the keyboard alone", () => {
  it("finds a file anywhere in the revision", async () => {
    const { page } = opened();
    await page.goto(`${base}@${topHash}`);
    await page.getByText("Use this revision").waitFor();
    await page.keyboard.press("t");
    await page.keyboard.type("file-0777");
    await page.getByText("1 of 1,202 files").waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(`${base}@${topHash}/files/many/file-0777.txt`);
    await page.getByText("1 line").waitFor();
    await page.keyboard.press("t");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("walks the tree", async () => {
    const { page } = opened();
    await page.goto(`${base}@${topHash}/files/`);
    const tree = page.getByRole("tree");
    await tree.getByRole("treeitem", { name: /^data/ }).focus();
    await page.keyboard.press("ArrowRight");
    await tree.getByRole("treeitem", { name: /table\.csv/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/files\/data\/table\.csv$/);
    await page.getByText("5,000 rows").waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await tree.getByRole("treeitem", { name: /table\.csv/ }).waitFor({ state: "detached" });
  });

  it("goes between revisions, pages and lists", async () => {
    const { page } = opened();
    await page.goto(`${base}@${topHash}`);
    await page.getByRole("link", { name: "First", exact: true }).waitFor();
    await page.keyboard.press("[");
    await page.getByText("2 behind latest").waitFor();
    await page.keyboard.press("]");
    await page.waitForURL(`${base}@${topHash}`);
    await page.getByText("1 behind latest").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.waitForURL(/revisions$/);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.getByLabel("Filter packages by name, message or metadata").fill("nothing");
    await page.getByText("No package matches").waitFor();
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await page.getByRole("link", { name: "alice/a" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("alice");
    await page.getByRole("option", { name: "alice/a" }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(base);
  });
});

it("keys count again at the moment that a dialog is closed, before the keyboard has left it", async () => {
  const { page } = opened();
  await page.goto(`${base}@${topHash}`);
  await page.getByText("Use this revision").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await page.evaluate(() => {
    const dialog = document.querySelector("dialog");
    dialog?.close();
    for (const key of ["g", "r"]) {
      dialog?.querySelector("button")?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
  });
  await page.waitForURL(/revisions$/);
});

describe("long lists", () => {
  it("are in the page only as far as they are in sight", async () => {
    const { page } = opened();
    await page.goto(`${base}@${topHash}/files/many/`);
    const grid = page.getByRole("table", { name: "Files in many" });
    await grid.getByRole("link", { name: "file-0000.txt" }).waitFor();
    expect(await grid.getByRole("row").count()).toBeLessThan(60);
    expect(await grid.getAttribute("aria-rowcount")).toBe("1201");
    await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await grid.getByRole("link", { name: "file-1199.txt" }).waitFor();
    expect(await grid.getByRole("row").count()).toBeLessThan(60);
  });

  it("stand where they stood when the reader comes back, and at their beginning for who comes by a link", async () => {
    const { page, follow } = opened();
    const href = `${base}@${topHash}/files/many/`;
    await page.goto(href);
    const grid = page.getByRole("table", { name: "Files in many" });
    await grid.getByRole("link", { name: "file-0000.txt" }).waitFor();
    await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
    await grid.getByRole("link", { name: "file-0600.txt" }).click();
    await page.getByText("1 line", { exact: true }).waitFor();
    await page.goBack();
    await grid.getByRole("link", { name: "file-0600.txt" }).waitFor();
    await page.goForward();
    await page.getByText("1 line", { exact: true }).waitFor();
    await follow(href);
    await grid.getByRole("link", { name: "file-0000.txt" }).waitFor();
  });

  it("move under the arrow keys", async () => {
    const { page } = opened();
    await page.goto(`${base}@${topHash}/files/many/`);
    await page.getByRole("link", { name: "file-0000.txt" }).first().waitFor();
    await page.getByRole("table").focus();
    for (const key of ["ArrowDown", "ArrowDown", "j", "k", "Enter"]) await page.keyboard.press(key);
    await page.waitForURL(/file-0001\.txt$/);
  });
});

describe("what goes wrong", () => {
  it("is told in its place, with a way on: bytes that are gone", async () => {
    const { page } = opened();
    const place = join(home, "gone");
    await push({ registry: place, name: "alice/gone" }, { "a.txt": "a" });
    rmSync(join(place, ".quilt/t4/objects"), { recursive: true });
    await page.goto(`${await openRegistry(opened(), place)}/p/alice/gone/files/a.txt`);
    await page.getByText("The bytes of a.txt are gone").waitFor();
    await page.getByText("t4 fsck tells").waitFor();
  });

  it("is told for a folder that is no registry", async () => {
    const { page } = opened();
    await page.goto(new URL(base).origin);
    await page.getByLabel("Open a registry", { exact: true }).fill(home);
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByText("it has no .quilt folder").waitFor();
    await page.getByText("t4 push alice/first").waitFor();
  });

  it("is told for a table that is none, text that is bytes, and a picture that is broken", async () => {
    const { page, complaints } = opened();
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const odd = { "a.json": "{", "b.png": "no picture", "c.bin": bytes, d: bytes, "e.csv": "", "f.txt": "", g: "text" };
    await push({ registry, name: "alice/odd" }, odd);
    const at = base.replace(/alice\/a$/, "alice/odd");
    for (const [path, text] of [
      ["a.json", "This is not JSON"],
      ["b.png", "The browser cannot show this picture"],
      ["c.bin", "00000000"],
      ["d", "00000000"],
      ["e.csv", "This file is empty"],
      ["f.txt", "This file is empty"],
      ["g", "1 line"],
    ]) {
      await page.goto(`${at}/files/${path}`);
      await page
        .getByText(text ?? "")
        .first()
        .waitFor();
    }
    expect(complaints).toEqual([]);
  });

  it("is told when the server is gone", async () => {
    const { page, context } = opened();
    await page.goto(`${base}@${topHash}`);
    await page.getByRole("link", { name: "First", exact: true }).waitFor();
    await context.setOffline(true);
    try {
      await page.keyboard.press("[");
      await page.getByText("The catalog's server does not answer").first().waitFor();
    } finally {
      await context.setOffline(false);
    }
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Use this revision").waitFor();
  });
});

it("a film plays, and is read by ranges", async () => {
  const { page, complaints } = opened();
  await page.goto(new URL(base).origin);
  const film = Buffer.from(await page.evaluate(recordFilm), "base64");
  const place = join(home, "films");
  await push({ registry: place, name: "alice/film" }, { "film.webm": film });
  complaints.length = 0;
  await page.goto(`${await openRegistry(opened(), place)}/p/alice/film/files/film.webm`);
  const size = await page.locator("video").evaluate(async (video: HTMLVideoElement) => {
    video.muted = true;
    await video.play();
    return [video.videoWidth, video.videoHeight];
  });
  expect(size).toEqual([64, 48]);
  expect(complaints).toEqual([]);
});

/** Half a second of film, in base64: a browser is what makes one without more tools. */
async function recordFilm(): Promise<string> {
  const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  for (let frame = 0; frame < 12; frame++) {
    pen?.fillRect(frame * 4, 10, 8, 8);
    await new Promise(requestAnimationFrame);
  }
  recorder.stop();
  await ended;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

it("large text is read as one scrolls", async () => {
  const { page } = opened();
  const path = join(home, "large.txt");
  writeFileSync(path, Array.from({ length: 200_000 }, (_, i) => `line ${i + 1}\n`).join(""));
  const place = join(home, "large");
  const { Package } = await import("t4");
  await (await new Package().set("large.txt", path)).push("alice/large", place);
  await page.goto(`${await openRegistry(opened(), place)}/p/alice/large/files/large.txt`);
  await page.getByText("lines so far").waitFor();
  const text = page.getByRole("table", { name: "Text" });
  for (let round = 0; round < 50 && (await page.getByText("lines so far").count()) > 0; round++) {
    await text.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.waitForTimeout(50);
  }
  await page.getByText("200,000 lines").waitFor();
  await text.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.getByText("line 200000").waitFor();
  expect(await text.getByRole("row").count()).toBeLessThan(100);
});
