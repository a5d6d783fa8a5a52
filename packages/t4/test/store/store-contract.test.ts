import { memoryStore } from "testkit/memory-store.js";
import { describe, expect, it } from "vitest";
import { fileStore } from "#t4/store/file/file-store.js";
import { temporaryDirectory } from "../temporary.js";
import { keys, storeContract } from "./contract.js";

const openFileStore = () => fileStore(temporaryDirectory(), { stateKey: ".state", url: "file:///test" });

describe("a memory store", () => {
  storeContract({ open: () => memoryStore() });
});

describe("a file store", () => {
  storeContract({ open: openFileStore });

  it.each(["../x", "/x", "a//b", "a/../b", "", "a\0b"])("refuses the key %j", async (key) => {
    const store = openFileStore();
    await expect(store.get(key)).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
  });

  it("lists nothing above its directory, and in the order of buckets", async () => {
    const store = openFileStore();
    await expect(keys(store, "../")).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    for (const key of ["k/\uff5e", "k/\u{1f600}"]) await store.put(key, new Uint8Array());
    expect(await keys(store, "k/")).toEqual(["k/\uff5e", "k/\u{1f600}"]);
  });
});
