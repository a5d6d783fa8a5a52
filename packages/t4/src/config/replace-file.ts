import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a text file in place of what is there; under a crash the old or the new one is there. It is on the disk when this
 * resolves.
 */
export async function replaceFile(path: string, text: string, { mode }: { readonly mode: number }): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Puts the names in a directory on the disk. */
async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory for this; NTFS journals names itself.
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
