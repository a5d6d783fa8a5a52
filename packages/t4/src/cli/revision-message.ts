import { isT4Error, type Registry } from "t4";

/** The message of a revision; of a damaged one, what is wrong with it, which must not hide the others: fsck tells about it. */
export async function messageOf(registry: Registry, topHash: string): Promise<string | null> {
  try {
    return await registry.message(topHash);
  } catch (error) {
    if (isT4Error(error)) return `(${error.code})`;
    throw error;
  }
}

/** A message has one line in a list; `show` has all. */
export function firstLine(message: string): string {
  const [line = "", ...more] = message.trim().split("\n");
  return more.length > 0 ? `${line} …` : line;
}
