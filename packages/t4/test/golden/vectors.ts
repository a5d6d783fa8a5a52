import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const FOLDER = new URL("../vectors/", import.meta.url);

/** Reads one vector file; its README explains the schema. */
export function vectors<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Shape;
}

/** Reads a gzipped vector file. */
export function gunzipVector(name: string): Buffer {
  return gunzipSync(readFileSync(new URL(name, FOLDER)));
}
