/**
 * The path inside the package that a relative link of a file means; `undefined` for one that leads elsewhere.
 * A slash at the beginning means the package's root.
 */
export function resolvePath(from: string, link: string): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(link)) return undefined;
  const [path = ""] = link.split(/[?#]/);
  return follow(from, path.split("/").map(decode));
}

/** As {@link resolvePath}, of a name that is written as it is and no link: `%`, `#` and `?` are letters of it. */
export function resolveName(from: string, name: string): string | undefined {
  return follow(from, name.split("/"));
}

/** `..` is judged as it will be read: a browser takes `%2e%2e` for it, too. */
function follow(from: string, steps: readonly string[]): string | undefined {
  const isFromRoot = steps.length > 1 && steps[0] === "";
  const parts = isFromRoot ? [] : from.split("/").slice(0, -1);
  for (const step of steps) {
    if (/[/\0]/.test(step)) return undefined;
    if (step === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (step !== "" && step !== ".") parts.push(step);
  }
  return parts.join("/") + (steps.at(-1) === "" && parts.length > 0 ? "/" : "");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
