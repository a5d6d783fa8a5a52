import { join } from "node:path";
import { damage, type Look, NAME, type Scene } from "./scene.js";

/** A command that changes something, and what is to be expected when it is broken off. */
export interface ChangingCommand {
  readonly title: string;
  /** Its arguments; `before` is what can be seen before it runs. */
  readonly args: (scene: Scene, before: Look) => readonly string[];
  /** What is done to the state first. */
  readonly prepare?: (scene: Scene) => void;
  /** Whether readers see all of it or nothing; else each item for itself. */
  readonly isWhole?: boolean;
  /** Whether a package's history changes pointer by pointer; the same command goes on. */
  readonly isGradual?: boolean;
  /** Exit codes of the same command once more; `undefined` where that means another thing than going on. */
  readonly again?: readonly number[];
  /** Whether it works on so much that all threads take part. */
  readonly isLarge?: boolean;
}

const registry = ({ state }: Scene): string => join(state, "registry");
const inRegistry = (scene: Scene): readonly string[] => ["--registry", registry(scene)];

/** All commands that write. */
export const COMMANDS: readonly ChangingCommand[] = [
  {
    title: "push",
    args: (scene) => ["push", NAME, join(scene.state, "data"), registry(scene), "-m", "mine", "--dedupe", "-q"],
    isWhole: true,
    again: [0],
  },
  {
    title: "push by all threads",
    args: (scene) => ["push", NAME, scene.large, registry(scene), "-m", "mine", "--dedupe", "-q"],
    isWhole: true,
    isLarge: true,
    again: [0],
  },
  {
    title: "build",
    args: ({ state }) => ["build", "u/b", join(state, "data"), "-m", "built", "-q"],
    isWhole: true,
  },
  {
    title: "build of a snapshot",
    args: ({ state }) => ["build", "u/b", join(state, "data"), "--snapshot", "-m", "built", "-q"],
    isWhole: true,
  },
  {
    title: "install over an older revision",
    args: (scene) => ["install", NAME, ...inRegistry(scene), "--dest", join(scene.state, "dest"), "-q"],
    again: [0],
  },
  {
    title: "install by all threads",
    args: ({ state, source }) => ["install", "u/large", "--registry", source, "--dest", join(state, "copy"), "-q"],
    isLarge: true,
    again: [0],
  },
  {
    title: "rollback",
    args: (scene) => ["rollback", `${NAME}:stable`, ...inRegistry(scene)],
    isWhole: true,
    again: [0],
  },
  { title: "undo", args: (scene) => ["undo", NAME, ...inRegistry(scene), "--yes"] },
  {
    title: "rm of a package",
    args: (scene) => ["rm", NAME, ...inRegistry(scene), "--yes"],
    isGradual: true,
    again: [0, 4],
  },
  {
    title: "rm of a revision",
    args: (scene, before) => ["rm", `${NAME}@${before["registry u/p latest"]}`, ...inRegistry(scene), "--yes"],
    again: [0, 4],
  },
  {
    title: "tag",
    args: (scene) => ["tag", `${NAME}@latest~1`, "stable", ...inRegistry(scene)],
    isWhole: true,
    again: [0],
  },
  {
    title: "tag --delete",
    args: (scene) => ["tag", NAME, "stable", "--delete", ...inRegistry(scene)],
    isWhole: true,
    again: [0, 4],
  },
  { title: "gc", args: (scene) => ["gc", registry(scene), "--yes", "--grace", "0", "--nobody-pushes"], again: [0] },
  {
    title: "fsck --repair",
    args: (scene) => ["fsck", registry(scene), "--repair"],
    prepare: ({ state }) => damage(state),
    again: [0],
  },
  {
    title: "config set",
    args: () => ["config", "set", "default_install_location", "/elsewhere"],
    isWhole: true,
    again: [0],
  },
  { title: "workflow init", args: (scene) => ["workflow", "init", registry(scene)], isWhole: true, again: [0, 5] },
];
