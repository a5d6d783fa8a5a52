/** A file of a package that is part of a page. */
export interface PageEntry {
  /** Path inside the package. */
  readonly logicalKey: string;
  /** Bytes. */
  readonly size: number;
  /** The user's metadata of the file; numbers as JavaScript has them. */
  readonly meta: unknown;
  /** Where the page finds it. */
  readonly url: string;
  /** Fetches all bytes. */
  bytes(): Promise<Uint8Array>;
  /** Fetches the file as UTF-8 text. */
  text(): Promise<string>;
  /** Fetches the file as JSON. */
  json(): Promise<unknown>;
}

/** A package that is part of a page: the revision that was pinned when the page was built, and its files beside the page. */
export interface PagePackage<Key extends string = string> {
  /** The package's name. */
  readonly name: string;
  /** The revision. */
  readonly topHash: string;
  /** What the revision was said to be. */
  readonly message: string | null;
  /** Metadata of the package; numbers as JavaScript has them. */
  readonly meta: unknown;
  /** Whether there is a file. */
  has(logicalKey: string): logicalKey is Key;
  /** A file; throws a `RangeError` when there is none. */
  entry(logicalKey: Key): PageEntry;
  /** All files, in the order of the manifest. */
  walk(): IterableIterator<[Key, PageEntry]>;
}

/** What the build knows of a package. */
export interface PageContent extends Pick<PagePackage, "name" | "topHash" | "message"> {
  /** JSON text. */
  readonly meta: string;
  readonly files: readonly { readonly logicalKey: string; readonly size: number; readonly meta: string }[];
}

/** Makes the package of a page. `urls` are those of the files, in their order. It runs in a browser. */
export function pagePackage(content: PageContent, urls: readonly string[]): PagePackage {
  const entries = new Map(
    content.files.map((file, i): [string, PageEntry] => [file.logicalKey, pageEntry(file, urls[i] as string)]),
  );
  const { name, topHash, message } = content;
  return {
    name,
    topHash,
    message,
    meta: JSON.parse(content.meta) as unknown,
    has: (logicalKey): logicalKey is string => entries.has(logicalKey),
    entry(logicalKey) {
      const found = entries.get(logicalKey);
      if (found === undefined) throw new RangeError(`There is no ${JSON.stringify(logicalKey)} in ${name}.`);
      return found;
    },
    walk: () => entries.entries(),
  };
}

function pageEntry({ logicalKey, size, meta }: PageContent["files"][number], url: string): PageEntry {
  const get = async (): Promise<Response> => {
    const response = await fetch(url);
    if (response.ok) return response;
    throw new Error(`Cannot read ${JSON.stringify(logicalKey)}: the server answered ${response.status}.`);
  };
  return {
    logicalKey,
    size,
    meta: JSON.parse(meta) as unknown,
    url,
    bytes: async () => new Uint8Array(await (await get()).arrayBuffer()),
    text: async () => (await get()).text(),
    json: async () => (await get()).json(),
  };
}
