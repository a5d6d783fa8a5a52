import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FindingCode } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { type Damageable, flip, line, objectOf, openStaleTurn } from "./damaged-registry.js";

/** One damage, and what becomes of it. */
export interface Case {
  readonly code: FindingCode;
  readonly what: string;
  readonly plant: (registry: Damageable) => void;
  /** Whether a repair mends it or moves it to quarantine. */
  readonly isRepaired: boolean;
  /** What else is found with it. */
  readonly also?: readonly FindingCode[];
  /** What a second run finds after the repair; by default nothing when it is repaired, the same when not. */
  readonly afterwards?: readonly FindingCode[];
}

/** At least one for each code. */
export const CASES: readonly Case[] = [
  {
    code: "E_LATEST_MISSING",
    what: "latest is gone",
    plant: ({ pointer }) => rmSync(pointer("latest")),
    isRepaired: true,
  },
  {
    code: "E_LATEST_TORN",
    what: "latest is cut off",
    plant: ({ pointer }) => truncateSync(pointer("latest"), 20),
    isRepaired: true,
  },
  {
    code: "E_LATEST_NOT_HEX",
    what: "latest holds something else",
    plant: ({ pointer }) => writeFileSync(pointer("latest"), "g".repeat(64)),
    isRepaired: true,
  },
  {
    code: "E_MANIFEST_MISSING",
    what: "the manifest of latest is gone",
    plant: ({ manifest, hashes }) => rmSync(manifest(hashes[1] ?? "")),
    isRepaired: true,
    also: ["E_MANIFEST_MISSING"],
    afterwards: ["E_MANIFEST_MISSING"],
  },
  {
    code: "E_MANIFEST_HASH",
    what: "a manifest was changed",
    plant({ manifest, hashes }) {
      const file = manifest(hashes[0] ?? "");
      writeFileSync(file, readFileSync(file, "utf8").replace('"one"', '"eno"'));
    },
    isRepaired: true,
    also: ["E_MANIFEST_MISSING"],
    afterwards: ["E_MANIFEST_MISSING"],
  },
  {
    code: "E_MANIFEST_PARSE",
    what: "a manifest is cut off",
    plant: ({ manifest, hashes }) => truncateSync(manifest(hashes[0] ?? ""), 60),
    isRepaired: true,
    also: ["E_MANIFEST_MISSING"],
    afterwards: ["E_MANIFEST_MISSING"],
  },
  {
    code: "E_MANIFEST_DUP_KEY",
    what: "a key stands twice",
    plant: (registry) => void registry.publish(line(registry, "a"), line(registry, "a")),
    isRepaired: false,
  },
  {
    code: "E_MANIFEST_UNSORTED",
    what: "lines are in another order",
    plant: (registry) => void registry.publish(line(registry, "b"), line(registry, "a")),
    isRepaired: false,
  },
  {
    code: "E_KEY_TRAVERSAL",
    what: "a key leads out",
    plant: (registry) => void registry.publish(line(registry, "../escaped")),
    isRepaired: false,
  },
  {
    code: "E_KEY_DOTGIT",
    what: "a key lies in .git",
    plant: (registry) => void registry.publish(line(registry, ".git/hooks/pre-commit")),
    isRepaired: false,
  },
  {
    code: "E_KEY_NONPORTABLE",
    what: "a key is a device on Windows",
    plant: (registry) => void registry.publish(line(registry, "nul.txt")),
    isRepaired: false,
  },
  {
    code: "E_KEY_COLLISION",
    what: "two keys differ in case",
    plant: (registry) => void registry.publish(line(registry, "A"), line(registry, "a")),
    isRepaired: false,
  },
  {
    code: "E_OBJECT_MISSING",
    what: "an object is gone",
    plant: (registry) => rmSync(objectOf(registry, "two")),
    isRepaired: false,
  },
  {
    code: "E_OBJECT_MISSING",
    what: "a physical key is malformed, in a manifest that is sound otherwise",
    plant: (registry) => void registry.publish(line(registry, "a", { physical_keys: ["file://host/elsewhere"] })),
    isRepaired: false,
  },
  {
    code: "E_OBJECT_SIZE",
    what: "an object is cut off",
    plant: (registry) => truncateSync(objectOf(registry, "two"), 1),
    isRepaired: true,
    afterwards: ["E_OBJECT_MISSING"],
  },
  {
    code: "E_OBJECT_SIZE",
    what: "a manifest is wrong about an object that others rely on",
    plant(registry) {
      const url = `file://${objectOf(registry, "both")}`;
      registry.publish(line(registry, "a", { physical_keys: [url], size: 5 }));
    },
    isRepaired: false,
  },
  {
    code: "E_OBJECT_HASH",
    what: "an object was changed",
    plant: (registry) => flip(objectOf(registry, "two")),
    isRepaired: true,
    afterwards: ["E_OBJECT_MISSING"],
  },
  {
    code: "E_OBJECT_HASH",
    what: "an object that no revision needs was changed",
    plant(registry) {
      const directory = registry.path(".quilt/t4/objects/00");
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, `${"0".repeat(64)}.txt`), "other");
    },
    isRepaired: true,
  },
  {
    code: "E_OBJECT_UNVERSIONED",
    what: "bytes are in a bucket without versions",
    plant: (registry) => void registry.publish(line(registry, "a", { physical_keys: ["s3://bucket/key"] })),
    isRepaired: false,
  },
  {
    code: "E_LOCAL_KEY",
    what: "bytes lie outside the registry",
    plant(registry) {
      const file = join(temporaryDirectory(), "file");
      writeFileSync(file, "harmless");
      registry.publish(line(registry, "a", { physical_keys: [`file://${file}`] }));
    },
    isRepaired: false,
  },
  {
    code: "E_HASH_WEAK",
    what: "an entry has only a checksum",
    plant(registry) {
      const hash = { type: "CRC64NVME", value: "qvsCtkUYyD4=" };
      registry.publish(line(registry, "a", { hash }));
    },
    isRepaired: false,
    also: ["E_OBJECT_HASH"],
    afterwards: ["E_HASH_WEAK", "E_OBJECT_HASH"],
  },
  {
    code: "E_POINTER_NAME",
    what: "a stray file lies among pointers",
    plant: ({ pointer }) => writeFileSync(pointer(".DS_Store"), "stray"),
    isRepaired: true,
  },
  {
    code: "E_POINTER_NAME",
    what: "a stray file lies among manifests",
    plant: ({ path }) => writeFileSync(path(".quilt/packages/README"), "stray"),
    isRepaired: true,
  },
  {
    code: "E_POINTER_NAME",
    what: "a pointer has eleven digits, and holds a revision",
    plant: ({ pointer, hashes }) => writeFileSync(pointer("17000000000"), hashes[0] ?? ""),
    isRepaired: false,
  },
  {
    code: "E_POINTER_BODY",
    what: "a pointer is cut off whose revision a record tells",
    plant: ({ pointer, slots }) => truncateSync(pointer(slots[0] ?? ""), 20),
    isRepaired: true,
    also: ["E_POINTER_OVERWRITTEN"],
  },
  {
    code: "E_POINTER_BODY",
    what: "a pointer is no file",
    plant({ pointer }) {
      symlinkSync("/etc/hostname", pointer("1600000000"));
    },
    isRepaired: true,
  },
  {
    code: "E_POINTER_MISSING",
    what: "the latest revision is not in the history",
    plant: ({ pointer, slots }) => rmSync(pointer(slots[1] ?? "")),
    isRepaired: true,
  },
  {
    code: "E_POINTER_OVERWRITTEN",
    what: "another client wrote over a pointer",
    plant: ({ pointer, slots, hashes }) => writeFileSync(pointer(slots[0] ?? ""), hashes[1] ?? ""),
    isRepaired: true,
  },
  {
    code: "E_POINTER_ORDER",
    what: "a pointer lies in the future",
    plant: ({ pointer, hashes }) => writeFileSync(pointer("4000000000"), hashes[1] ?? ""),
    isRepaired: false,
  },
  {
    code: "E_FORK",
    what: "another client put latest on an older revision",
    plant: ({ pointer, hashes }) => writeFileSync(pointer("latest"), hashes[0] ?? ""),
    isRepaired: false,
  },
  {
    code: "E_OPERATION_BODY",
    what: "the record of an operation is cut off",
    plant: ({ files }) => truncateSync(files("t4/ops")[0] ?? "", 30),
    isRepaired: true,
  },
  {
    code: "E_LOCK_BODY",
    what: "the note of a turn is cut off",
    plant: ({ files }) => truncateSync(files("t4/locks").find((file) => file.endsWith("2.note")) ?? "", 20),
    isRepaired: true,
  },
  {
    code: "E_LOCK_BODY",
    what: "the record of a turn is cut off, which has two names",
    plant: ({ files }) => truncateSync(files("t4/locks").find((file) => file.endsWith("2.lock")) ?? "", 20),
    isRepaired: true,
    also: ["E_LOCK_BODY"],
  },
  {
    code: "E_LOCK_STALE",
    what: "a process died in its turn",
    plant: openStaleTurn,
    isRepaired: true,
  },
  {
    code: "E_LOCK_LAST",
    what: "the last turn that there can be was planted",
    plant({ files }) {
      const [lock = ""] = files("t4/locks").filter((file) => file.endsWith(".lock"));
      for (const kind of ["lock", "done"]) copyFileSync(lock, join(dirname(lock), `999999999999.${kind}`));
    },
    isRepaired: false,
  },
  {
    code: "E_TMP_STALE",
    what: "a process that died left a temporary file",
    plant({ path }) {
      writeFileSync(path(".quilt/t4/tmp/dead"), "x");
    },
    isRepaired: true,
  },
];
