import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { contentOf, enterEnvironment, type ServedBuckets, serveBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";
import { type Client, type ClientPackage, nextSecond, startClient } from "./client.js";
import { filesIn } from "./registry.js";
import { writeFiles } from "./samples.js";

const NAME = "both/sample";
const MEBIBYTE = 1 << 20;
const FILES = {
  "a.txt": "a",
  empty: "",
  "sub/ü b+c&d.csv": "x,y\n",
  "large.bin": "t4 ".repeat(3 * MEBIBYTE),
};

let served: ServedBuckets;
let leave: () => void;
let theirs: Client;
let root: string;

beforeEach(async () => {
  served = await serveBuckets();
  leave = enterEnvironment(served.env);
  // Each server has an address of its own, which a client is told when it starts.
  theirs = startClient("quilt3", { ...served.env, AWS_DEFAULT_REGION: "us-east-1" });
  root = temporaryDirectory();
});
afterEach(async () => {
  await theirs.close();
  leave();
  await served.close();
});

const manifestOf = (registry: string, topHash: string): string | undefined =>
  contentOf(served.simulator, registry.slice("s3://".length), `.quilt/packages/${topHash}`);

describe.each(["s3://versioned", "s3://plain"])("Quilt 3 and we, with a registry at %s", (registry) => {
  it("what it pushes, we browse, install, verify and push on", async () => {
    const files = writeFiles(join(root, "source"), FILES);
    const entries = Object.entries(files).map(([key, path]) => ({ key, path }));
    const topHash = await theirs.call<string>("pushTo", { registry, name: NAME, message: "Theirs", files: entries });
    const pkg = await Package.install(NAME, { registry, dest: join(root, "copy") });
    expect(pkg.topHash()).toBe(topHash);
    expect(filesIn(join(root, "copy"))).toEqual(filesIn(join(root, "source")));
    expect(
      (await (await openRegistry(registry)).fsck({ readData: true })).map(({ severity }) => severity),
    ).not.toContain("error");
    await nextSecond();
    await pkg.setText("ours.txt", "ours");
    const ours = await pkg.push(NAME, registry, { message: "Ours" });
    const browsed = await theirs.call<ClientPackage>("browseAt", { registry, name: NAME });
    expect(browsed).toEqual({ topHash: ours, manifest: manifestOf(registry, ours) });
  });

  it("what we push, it browses, installs, and pushes on", async () => {
    writeFiles(join(root, "source"), FILES);
    const ours = await new Package().setDir("", join(root, "source"));
    const topHash = await ours.push(NAME, registry, { message: "Ours" });
    const browsed = await theirs.call<ClientPackage>("browseAt", { registry, name: NAME });
    expect(browsed).toEqual({ topHash, manifest: manifestOf(registry, topHash) });
    await theirs.call("installFrom", { registry, name: NAME, dest: join(root, "theirs"), into: join(root, "local") });
    expect(filesIn(join(root, "theirs"))).toEqual(filesIn(join(root, "source")));
    await nextSecond();
    const { extra } = writeFiles(join(root, "more"), { extra: "more" });
    const next = await theirs.call<string>("pushOn", { registry, name: NAME, key: "extra", path: extra });
    const log = [];
    for await (const revision of (await openRegistry(registry)).log(NAME)) log.push(revision.topHash);
    expect(log).toEqual([next, topHash]);
    const pkg = await Package.browse(NAME, { registry });
    expect([pkg.topHash(), pkg.count]).toEqual([next, Object.keys(FILES).length + 1]);
    expect(await pkg.entry("extra").text()).toBe("more");
  });
});
