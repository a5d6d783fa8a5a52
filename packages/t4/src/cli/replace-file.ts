import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { T4Error } from "t4";

/**
 * Writes text to a file that a user named. It gets its name when all is written and on the disk: until then, and when the text
 * breaks off, there is the old file or none.
 */
export async function replaceFile(path: string, texts: AsyncIterable<string>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, "wx").catch((cause: unknown) => {
    throw cannotWrite(path, cause);
  });
  try {
    for await (const text of texts) await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw cannotWrite(path, error);
  }
}

/** The error for a system call that failed; any other error is that of the texts, and stays as it is. */
function cannotWrite(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error && "syscall" in cause)) return cause;
  return new T4Error("ERR_T4_IO", `Cannot write ${path}: ${cause.message}.`, {
    hint: "Name a file in a directory that is there, that has room and that you may write to.",
    facts: { path },
    cause,
  });
}
