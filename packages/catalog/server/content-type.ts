/** Types that a browser shows by itself; all else is bytes, so that it is never taken for a page. */
const SHOWN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    png: "image/png",
    jpg: "image/jpeg",
    jpeg: "image/jpeg",
    gif: "image/gif",
    webp: "image/webp",
    avif: "image/avif",
    bmp: "image/bmp",
    ico: "image/x-icon",
    svg: "image/svg+xml",
    mp4: "video/mp4",
    m4v: "video/mp4",
    webm: "video/webm",
    ogv: "video/ogg",
    mov: "video/quicktime",
    mp3: "audio/mpeg",
    m4a: "audio/mp4",
    aac: "audio/aac",
    ogg: "audio/ogg",
    oga: "audio/ogg",
    opus: "audio/ogg",
    flac: "audio/flac",
    wav: "audio/wav",
  }),
);

/** Types of what a package's own page is made of, each by what the browser says it is for. */
const PARTS: ReadonlyMap<string, readonly [pattern: RegExp, type: string]> = new Map([
  ["iframe", [/\.html?$/i, "text/html; charset=utf-8"]],
  ["script", [/\.m?js$/i, "text/javascript; charset=utf-8"]],
  ["style", [/\.css$/i, "text/css; charset=utf-8"]],
]);

/** The media type of a file by its name. */
export function contentTypeOf(path: string): string {
  return SHOWN.get(/\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "") ?? "application/octet-stream";
}

/** Its type as a part of a package's page in a frame, which `destination` says; `undefined`: it is none. */
export function partTypeOf(path: string, destination: string | undefined): string | undefined {
  const [pattern, type] = PARTS.get(destination ?? "") ?? [];
  return pattern?.test(path) === true ? type : undefined;
}
