import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { locations } from "t4";

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Shows an address in the user's browser. Where there is none, nothing happens: the address was printed as well. The browser is
 * given a file that only this user may read and that leads there: what programs are started with, every user of this machine sees.
 */
export function openBrowser(url: string, port: number): { readonly forget: () => void } {
  const directory = join(locations().base, "catalog");
  const file = join(directory, `open-${port}.html`);
  const forget = (): void => rmSync(file, { force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // That of a catalog that was killed may be there.
  forget();
  writeFileSync(file, pageTo(url), { mode: 0o600, flag: "wx" });
  const [command, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, file], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
  return { forget };
}

function pageTo(url: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>T4 catalog</title>
<meta http-equiv="refresh" content="0; url=${url}"><a href="${url}">Open the catalog</a></html>
`;
}
