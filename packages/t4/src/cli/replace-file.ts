import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { T4Error } from "t4";

/**
 * Writes text to a file that a user named. It gets its name when all is written and on the disk: until then, and when the text
 * breaks off, there is the old file or none.
 */
export async function replaceFile(path: string, texts: AsyncIterable<string>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await opened(temporary, path);
  try {
    for await (const text of texts) await file.write(text);
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}

async function opened(temporary: string, path: string): Promise<FileHandle> {
  try {
    return await open(temporary, "wx");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new T4Error("ERR_T4_IO", `Cannot write ${path}: ${reason}.`, {
      hint: "Name a file in a directory that is there and that you may write to.",
      facts: { path },
      cause,
    });
  }
}
