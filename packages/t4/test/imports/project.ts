import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openLock, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));

/** A project in which T4 is installed as it is built, and `alice/weather` pinned to the first of two revisions. */
export class Project {
  readonly directory: string = temporaryDirectory();
  readonly registry: string = join(this.directory, "registry");
  pinned = "";

  path(...parts: readonly string[]): string {
    return join(this.directory, ...parts);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  async publish(celsius: number): Promise<string> {
    const pkg = (await new Package().setText("cities/a b.csv", `city,celsius\nOslo,${celsius}\n`)).setMeta({
      station: 7,
    });
    return pkg.push("alice/weather", this.registry, { message: `Oslo has ${celsius}` });
  }

  static async create(): Promise<Project> {
    const project = new Project();
    mkdirSync(project.path("node_modules"));
    symlinkSync(PACKAGE, project.path("node_modules/t4"));
    project.write("package.json", '{ "type": "module" }');
    project.pinned = await project.publish(21);
    await (await openLock(project.directory)).add("alice/weather", { registry: project.registry });
    await project.publish(22);
    return project;
  }
}
