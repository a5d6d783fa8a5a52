import { describe, expect, it } from "vitest";
import { fileUrl, formatPhysicalKey, parsePhysicalKey } from "#t4/format/physical-key.js";
import { fixUrl } from "#t4/format/user-url.js";
import { vectors } from "./vectors.js";

interface Read {
  readonly error?: string;
  readonly bucket: string | null;
  readonly path: string;
  readonly version_id: string | null;
  readonly str?: string;
}

interface UrlVectors {
  readonly cases: readonly { readonly url: string; readonly quilt3: Read; readonly t4: Read }[];
  readonly s3_keys: readonly {
    readonly bucket: string;
    readonly key: string;
    readonly version_id: string | null;
    readonly quilt3: string;
  }[];
  readonly paths: readonly {
    readonly path: string;
    readonly quilt3: { readonly physical_key?: string; readonly path?: string };
  }[];
  readonly fix_url: readonly {
    readonly input: string;
    readonly quilt3: { readonly url?: string; readonly error?: string };
  }[];
}

const golden = vectors<UrlVectors>("urls.json");

/** Deviations of {@link parsePhysicalKey} from Quilt 3, each with its reason. */
const DEVIATIONS: ReadonlyMap<string, string> = new Map([
  // Quilt resolves `..`, `.`, doubled and trailing slashes of file URLs when it loads a manifest, which changes keys
  // that were only read; T4 2019 and we keep them, and a path is resolved when the file is opened.
  ["file:///", "/"],
  ["file:///a/../b", "/a/../b"],
  ["file:///a/./b", "/a/./b"],
  ["file:///a//b", "/a//b"],
  ["file:///%2e%2e/x", "/../x"],
  // A drive letter is a Windows path on every machine: a registry may move between systems.
  ["file:///C:/x", "C:/x"],
]);

describe("urls.json", () => {
  it.each(golden.cases)("$url", ({ url, quilt3 }) => {
    if (quilt3.error !== undefined) {
      expect(() => parsePhysicalKey(url)).toThrow(/Invalid physical key/);
      return;
    }
    const key = parsePhysicalKey(url);
    const deviation = DEVIATIONS.get(url);
    if (deviation !== undefined) {
      expect(key).toEqual({ kind: "file", path: deviation });
    } else if (quilt3.bucket === null) {
      expect(key).toEqual({ kind: "file", path: quilt3.path });
    } else {
      const version = quilt3.version_id === null ? {} : { versionId: quilt3.version_id };
      expect(key).toEqual({ kind: "s3", bucket: quilt3.bucket, key: quilt3.path, ...version });
      expect(formatPhysicalKey(key)).toBe(quilt3.str);
    }
  });

  it("spells bucket keys as Quilt does, and reads them back", () => {
    for (const { bucket, key, version_id, quilt3 } of golden.s3_keys) {
      const physicalKey = {
        kind: "s3",
        bucket,
        key,
        ...(version_id === null ? {} : { versionId: version_id }),
      } as const;
      expect(formatPhysicalKey(physicalKey)).toBe(quilt3);
      // An empty version id is none when it is read.
      if (version_id !== "") expect(parsePhysicalKey(quilt3)).toEqual(physicalKey);
    }
  });

  it.each(golden.paths)("path $path", ({ path, quilt3 }) => {
    expect(quilt3.physical_key).toBeDefined();
    expect(parsePhysicalKey(fileUrl(path))).toEqual({ kind: "file", path });
    // The vectors replaced the directory they were made in by /U, also where dots or doubled slashes led through it.
    if (/\/\.|\/\/|^\/$/.test(path)) return;
    const url = fixUrl(path, { cwd: "/CWD", home: "/HOME" });
    expect(url.replace(/\/$/, "")).toBe(quilt3.physical_key);
  });

  it.each(golden.fix_url)("input $input", ({ input, quilt3 }) => {
    const fixed = (): string => fixUrl(input, { cwd: "/CWD", home: "/HOME" });
    if (input === "") {
      expect(quilt3.error).toBeDefined();
      expect(fixed).toThrow("A path is empty.");
    } else if (input.startsWith("~nosuchuser")) {
      // Deviation: Quilt fails where it knows no such user; to us it is a file's name, as it is to a shell.
      expect(quilt3.error).toBeDefined();
      expect(fixed()).toBe(`file:///CWD/${input}`);
    } else if (input === "C:/x" || input === "foo:bar.txt") {
      // Deviation: Quilt takes these for URLs and fails later; only `scheme://` is a URL to us.
      expect(fixed()).toMatch(/^file:/);
    } else {
      expect(fixed()).toBe(quilt3.url?.replace("/CWD_PARENT", "").replace(/^file:\/\/$/, "file:///"));
    }
  });
});
