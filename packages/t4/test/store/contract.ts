import { expect, it } from "vitest";
import type { fileStore } from "#t4/store/file/file-store.js";

/** What every kind of store is. */
export type Store = ReturnType<typeof fileStore>;

/** A store whose promises are checked. */
export interface ContractSubject {
  /** A store that nobody else uses. */
  readonly open: () => Store | Promise<Store>;
  /** Whether it can write on a condition; a store that cannot must say so. Default `true`. */
  readonly hasConditions?: boolean;
  /** Whether a key can be created again after its deletion; default `true`. */
  readonly canRecreate?: boolean;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = async (store: Store, key: string): Promise<string | undefined> => {
  const object = await store.get(key);
  return object === undefined ? undefined : new TextDecoder().decode(object.bytes);
};
/** What a listing names. */
export async function keys(store: Store, prefix: string, delimiter?: "/"): Promise<string[]> {
  const found: string[] = [];
  for await (const item of store.list(prefix, delimiter === undefined ? {} : { delimiter })) {
    found.push("key" in item ? item.key : item.prefix);
  }
  return found;
}
/** The promises of a store, as tests; call it inside a `describe`. */
export function storeContract({ open, hasConditions = true, canRecreate = true }: ContractSubject): void {
  it("reads what was written, whole or a range, and nothing where nothing is", async () => {
    const store = await open();
    expect(await store.get("a/b")).toBeUndefined();
    expect(await store.head("a/b")).toBeUndefined();
    expect((await store.put("a/b", bytes("hello"))).written).toBe(true);
    expect(await text(store, "a/b")).toBe("hello");
    expect(Buffer.from((await store.get("a/b", { range: [1, 3] }))?.bytes ?? []).toString()).toBe("el");
    expect((await store.head("a/b"))?.size).toBe(5);
    await store.put("a/b", bytes("other"));
    expect(await text(store, "a/b")).toBe("other");
  });

  it("counts no directory as an object, and an object as no directory", async () => {
    const store = await open();
    await store.put("a/b", bytes("1"));
    expect(await store.head("a")).toBeUndefined();
    expect(await store.head("a/b/c")).toBeUndefined();
    await store.delete("a/b/c");
    expect(await keys(store, "a/b/")).toEqual([]);
    expect(await text(store, "a/b")).toBe("1");
  });

  const conditional = hasConditions ? conditionContract : refusalContract;
  conditional(open);

  it("deletes conditionally and without condition", async () => {
    const store = await open();
    await store.put("k", bytes("1"));
    const version = (await store.get("k"))?.version;
    await store.put("k", bytes("2"));
    expect(await store.delete("k", version === undefined ? {} : { replaces: version })).toBe(false);
    const now = (await store.get("k"))?.version;
    expect(await store.delete("k", now === undefined ? {} : { replaces: now })).toBe(true);
    expect(await store.get("k")).toBeUndefined();
    const again = store.put("k", bytes("3"), { mode: { replaces: undefined } });
    if (hasConditions && canRecreate) expect((await again).written).toBe(true);
    else await expect(again).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    await store.delete("k");
    await store.delete("k");
    expect(await store.get("k")).toBeUndefined();
  });

  it("lists in order, by prefix and by directory", async () => {
    const store = await open();
    for (const key of ["p/b/2", "p/b/1", "p/b-c", "p/a", "q/x"]) await store.put(key, bytes(key));
    expect(await keys(store, "p/")).toEqual(["p/a", "p/b-c", "p/b/1", "p/b/2"]);
    expect(await keys(store, "p/", "/")).toEqual(["p/a", "p/b-c", "p/b/"]);
    expect(await keys(store, "p/b")).toEqual(["p/b-c", "p/b/1", "p/b/2"]);
    expect(await keys(store, "none/")).toEqual([]);
  });

  it("writes pieces under a key that is known at the end", async () => {
    const store = await open();
    const writer = store.createWriter();
    writer.write(bytes("one "));
    writer.write(bytes("two"));
    expect(await writer.finish("w", hasConditions ? "create" : "overwrite")).toBe(true);
    await writer.discard();
    expect(await text(store, "w")).toBe("one two");
    const empty = store.createWriter();
    expect(await empty.finish("e", "overwrite")).toBe(true);
    expect(await text(store, "e")).toBe("");
    await store.delete("e");
    const dropped = store.createWriter();
    dropped.write(bytes("x"));
    await dropped.discard();
    expect(await keys(store, "")).toEqual(
      ["w"].concat((await keys(store, "")).filter((key) => key !== "w" && key.includes("locks"))),
    );
  });

  it("removes only what no one touched", async () => {
    const store = await open();
    await store.put("k", bytes("1"));
    expect(await store.deleteIfOlder("k", Date.now() - 60_000)).toBe(false);
    expect(await text(store, "k")).toBe("1");
    expect(await store.touch("k")).toBe(true);
    expect(await store.touch("none")).toBe(false);
    expect(await store.deleteIfOlder("k", Date.now() + 60_000)).toBe(true);
    expect(await store.get("k")).toBeUndefined();
  });

  it("moves what nobody used lately to another key, whole", async () => {
    const store = await open();
    await store.put("k", bytes("1"));
    expect(await store.moveIfOlder("k", "aside/k", Date.now() - 60_000)).toBe(false);
    expect(await keys(store, "")).toEqual(["k"]);
    expect(await store.moveIfOlder("none", "aside/none", Date.now() + 60_000)).toBe(false);
    expect(await store.moveIfOlder("k", "aside/k", Date.now() + 60_000)).toBe(true);
    expect(await store.get("k")).toBeUndefined();
    expect(await text(store, "aside/k")).toBe("1");
  });
}

/** The promises of writes on a condition. */
function conditionContract(open: ContractSubject["open"]): void {
  it("creates once", async () => {
    const store = await open();
    const attempts = Array.from({ length: 8 }, (_unused, i) => store.put("k", bytes(String(i)), { mode: "create" }));
    const outcomes = await Promise.all(attempts);
    expect(outcomes.filter(({ written }) => written)).toHaveLength(1);
    expect(await text(store, "k")).toBe(String(outcomes.findIndex(({ written }) => written)));
  });

  it("swaps only what is still there, with a note", async () => {
    const store = await open();
    const first = await store.put("k", bytes("1"), { mode: { replaces: undefined }, note: { n: "one" } });
    expect(first.written).toBe(true);
    expect((await store.put("k", bytes("x"), { mode: { replaces: undefined } })).written).toBe(false);
    const present = await store.get("k", { withNote: true });
    expect(present?.note).toEqual({ n: "one" });
    const racers = Array.from({ length: 6 }, (_unused, i) =>
      store.put("k", bytes(`r${i}`), { mode: { replaces: present?.version }, note: { n: `r${i}` } }),
    );
    const winners = (await Promise.all(racers)).map(({ written }, i) => (written ? i : -1)).filter((i) => i >= 0);
    expect(winners).toHaveLength(1);
    expect(await text(store, "k")).toBe(`r${winners[0]}`);
    expect((await store.get("k", { withNote: true }))?.note).toEqual({ n: `r${winners[0]}` });
  });
}

/** The one promise of a store that cannot write on a condition. */
function refusalContract(open: ContractSubject["open"]): void {
  it("says that it cannot write on a condition, and writes nothing", async () => {
    const store = await open();
    for (const mode of ["create", { replaces: undefined }] as const) {
      const put = store.put("k", bytes("1"), { mode });
      await expect(put).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    }
    expect(await store.get("k")).toBeUndefined();
  });
}
