import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A registry that was open in a catalog once. */
export interface RecentRegistry {
  readonly location: string;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

/** Registries that are remembered. */
const MOST = 50;

/** Reads the list; a file that is absent or damaged is an empty list, for nothing but convenience hangs on it. */
export async function readRecent(path: string): Promise<RecentRegistry[]> {
  try {
    const list = JSON.parse(await readFile(path, "utf8")) as unknown;
    return Array.isArray(list) ? list.filter(isRecent) : [];
  } catch {
    return [];
  }
}

function isRecent(item: unknown): item is RecentRegistry {
  const { location, openedAt } = (item ?? {}) as Partial<RecentRegistry>;
  return typeof location === "string" && typeof openedAt === "number";
}

/** Puts a registry at the head of the list. The file is replaced in one step. */
export async function rememberRecent(path: string, location: string): Promise<void> {
  const others = (await readRecent(path)).filter((recent) => recent.location !== location);
  const list: RecentRegistry[] = [{ location, openedAt: Date.now() }, ...others].slice(0, MOST);
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(list), { mode: 0o600 });
  await rename(temporary, path);
}
