// One of several processes that work on a package: does its part again and again until it is told to end, and prints
// what it was told is done, one line each.
import { isT4Error, openRegistry, Package } from "t4";

const [, , kind, root, name, who, dest] = process.argv;
const end = new AbortController();
process.on("SIGTERM", () => end.abort());

/** Long enough for any push here, short enough that what dead ones left is taken. */
const GRACE_MS = 20_000;

async function browse() {
  try {
    return await Package.browse(name, { registry: root });
  } catch (error) {
    if (isT4Error(error, "ERR_T4_NOT_FOUND")) return new Package();
    throw error;
  }
}

async function anyRevision(registry) {
  const found = [];
  for await (const { topHash } of registry.log(name)) found.push(topHash);
  return found[Math.floor(Math.random() * found.length)];
}

const PARTS = {
  async push(i) {
    const pkg = await browse();
    await pkg.setText("who.txt", `${who} ${i}`);
    return pkg.push(name, root, { message: `${who} ${i}` });
  },
  async gc() {
    const registry = await openRegistry(root);
    await registry.collectGarbage({ dryRun: false, graceMs: GRACE_MS });
  },
  async rollback() {
    const registry = await openRegistry(root);
    const topHash = await anyRevision(registry);
    if (topHash !== undefined) await registry.rollback(name, topHash);
  },
  async rm() {
    const registry = await openRegistry(root);
    const topHash = await anyRevision(registry);
    // Said before: killed in the middle, it may have been done.
    console.log(topHash);
    if (topHash !== undefined) await registry.deleteRevision(name, topHash);
  },
  async install() {
    await Package.install(name, { registry: root, dest, overwrite: true });
  },
};

/** Others were faster, or took it away just now, or a bad network leaves it open; whoever is told so tries again. */
const ORDINARY = ["ERR_T4_CONFLICT", "ERR_T4_BUSY", "ERR_T4_NOT_FOUND", "ERR_T4_UNKNOWN_OUTCOME"];

for (let i = 0; !end.signal.aborted; i++) {
  try {
    const done = await PARTS[kind](i);
    if (done !== undefined) console.log(done);
  } catch (error) {
    if (!isT4Error(error, ...ORDINARY)) throw error;
  }
}
