import { randomUUID } from "node:crypto";
import { existsSync, linkSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { hasSystemCode, systemCode } from "../../base/errors.js";
import { ioError } from "../../base/io-error.js";
import { TEMPORARY } from "../../format/registry-layout.js";
import type { RegistryCheck } from "./registry-check.js";

/** A file system whose clock differs by this is on another machine. */
const NOTABLE_SKEW_MS = 5000;

/** Finds out what a registry in a folder can do, with one small file that is removed again. */
export function inspectFolder(root: string): readonly RegistryCheck[] {
  const account = {
    subject: "account",
    state: "ok",
    message: `Reads as the user ${userName()} of this machine.`,
  } as const;
  if (!existsSync(root)) {
    const message = `There is no folder ${root} yet; the first push makes it.`;
    return [account, { subject: "reading", state: "limited", message }];
  }
  try {
    readdirSync(root);
  } catch (error) {
    throw ioError(`list ${root}`, error);
  }
  const reading = { subject: "reading", state: "ok", message: "The folder can be listed and read." } as const;
  return [account, reading, ...writing(root)];
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may have no name for its user.
    return String(process.getuid?.() ?? "that runs this");
  }
}

function writing(root: string): readonly RegistryCheck[] {
  const directory = nearest(join(root, TEMPORARY));
  const path = join(directory, `${randomUUID()}.doctor`);
  try {
    writeFileSync(path, "t4", { flag: "wx" });
    const skewMs = Date.now() - statSync(path).mtimeMs;
    return [{ subject: "writing", state: "ok", message: "This user may write here." }, links(path), clock(skewMs)];
  } catch (error) {
    if (!hasSystemCode(error, ["EACCES", "EPERM", "EROFS"])) throw ioError(`write to ${directory}`, error);
    const message = "This user may not write here: packages can be installed, not pushed.";
    return [{ subject: "writing", state: "limited", message }];
  } finally {
    rmSync(path, { force: true });
    rmSync(`${path}.link`, { force: true });
  }
}

/** The directory, or the first above it that is there: one made for a look could not be taken away again under a push that begins. */
function nearest(directory: string): string {
  return existsSync(directory) ? directory : nearest(dirname(directory));
}

/** Hard links are what makes two pushes notice each other. */
function links(path: string): RegistryCheck {
  const link = (): string => {
    try {
      linkSync(path, `${path}.link`);
      return "made";
    } catch (error) {
      return systemCode(error) ?? "failed";
    }
  };
  const isSound = link() === "made" && link() === "EEXIST";
  const message = isSound
    ? "Hard links work: of two pushes at the same time the second is told."
    : "This file system has no hard links, which pushes take turns by: packages can be installed, not pushed. Put the registry on another disk.";
  return { subject: "publishing", state: isSound ? "ok" : "bad", message };
}

function clock(skewMs: number): RegistryCheck {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const isSame = seconds * 1000 < NOTABLE_SKEW_MS;
  const side = skewMs > 0 ? "ahead of" : "behind";
  const message = isSame
    ? "This machine and the folder's agree on the time."
    : `This machine's clock is ${seconds} s ${side} the clock of the folder's machine: revisions of several machines may stand in another order than they were pushed. Set the clock.`;
  return { subject: "clock", state: isSame ? "ok" : "limited", message };
}
