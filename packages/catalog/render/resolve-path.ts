/**
 * The path inside the package that a relative link of a file means; `undefined` for one that leads elsewhere.
 * A slash at the beginning means the package's root.
 */
export function resolvePath(from: string, link: string): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(link)) return undefined;
  const [path = ""] = link.split(/[?#]/);
  const base = path.startsWith("/") ? [] : from.split("/").slice(0, -1);
  const parts: string[] = [...base];
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "" && part !== ".") parts.push(decode(part));
  }
  return parts.join("/") + (path.endsWith("/") && parts.length > 0 ? "/" : "");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
