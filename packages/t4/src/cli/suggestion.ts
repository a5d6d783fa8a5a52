import { isT4Error, nearest, openRegistry, pathOrUrl, type Registry, type T4Error } from "t4";
import { commandLine } from "./command-line.js";
import { asPath, isPathHere } from "./here.js";

/** So many names are compared with the one that was not found. */
const MOST_NAMES = 1000;

/** What was meant by the name of a package, revision or tag that a registry has not; `undefined` where nothing is near. */
export async function suggestion(error: T4Error): Promise<string | undefined> {
  const { package: name, registry, revision } = error.facts;
  if (!isT4Error(error, "ERR_T4_NOT_FOUND") || typeof name !== "string" || typeof registry !== "string")
    return undefined;
  try {
    return typeof revision === "string"
      ? await nearRevision(registry, { name, revision })
      : await nearPackage(registry, name);
  } catch {
    // What failed first is what matters.
    return undefined;
  }
}

async function nearPackage(registry: string, name: string): Promise<string | undefined> {
  const opened = await openRegistry(registry);
  if (await isTakenOut(opened, name))
    return `It was taken out: ${commandLine("t4", "undo", name, "--registry", pathOrUrl(registry))} brings it back.`;
  if (await isPathHere(name)) return asPath(name);
  const near = nearest(name, await some(opened.packages()));
  if (near !== undefined) return `Did you mean ${near}?`;
  const isOwn = (await openRegistry("local")).url === registry;
  return isOwn ? "This is your own registry; --registry <registry> names another one." : undefined;
}

/** Whether the newest operation on a package, which can still be taken back, removed it. */
async function isTakenOut(registry: Registry, name: string): Promise<boolean> {
  try {
    return (await registry.undo(name, { dryRun: true })).kind === "delete package";
  } catch (error) {
    if (isT4Error(error)) return false;
    throw error;
  }
}

async function nearRevision(
  registry: string,
  { name, revision }: { readonly name: string; readonly revision: string },
): Promise<string | undefined> {
  const tags = await some((await openRegistry(registry)).tags(name));
  const near = nearest(revision, [...tags.map(({ tag }) => tag), "latest"]);
  return near === undefined ? undefined : `Did you mean ${name}:${near}?`;
}

async function some<Item>(all: AsyncIterable<Item>): Promise<Item[]> {
  const first: Item[] = [];
  for await (const item of all) if (first.push(item) >= MOST_NAMES) break;
  return first;
}
