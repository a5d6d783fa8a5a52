import { spawnSync } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { Project } from "./project.js";

const READ = `
  import pkg from "t4:alice/weather";
  import { Package } from "t4";
  const [row] = await pkg.entry("cities/a b.csv").deserialize();
  console.log(pkg instanceof Package, pkg.topHash(), row.celsius);
`;

describe("node --import t4/register", () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create();
  });

  const node = (file: string, at = "."): { readonly out: string; readonly err: string } => {
    const env = { PATH: process.env["PATH"], HOME: project.path("home") };
    const options = { cwd: project.path(at), env, encoding: "utf8", timeout: 60_000 } as const;
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "t4/register", project.path(file)], options);
    return { out: stdout, err: stderr };
  };

  it("imports the pinned revision, as a package of the library that the program uses", () => {
    project.write("src/main.js", READ);
    expect(node("src/main.js")).toEqual({ out: `true ${project.pinned} 21\n`, err: "" });
  });

  it("goes by the lock file of the importing file, wherever the process was started", async () => {
    project.write("other/package.json", '{ "type": "module" }');
    project.write("other/read.js", `${READ}\nexport { pkg };`);
    project.write("main.js", `import { pkg as theirs } from "./other/read.js";\n${READ}\nconsole.log(pkg === theirs);`);
    const { openLock } = await import("#t4/index.js");
    project.write("other/t4.lock", "version: 1\npackages: {}\n");
    const second = (await (await openLock(project.path("other"))).add("alice/weather", { registry: project.registry }))
      .topHash;
    project.write("elsewhere/x", "");
    expect(second).not.toBe(project.pinned);
    // What is imported is looked for from where the process is.
    symlinkSync(project.path("node_modules"), project.path("elsewhere/node_modules"));
    expect(node("main.js", "elsewhere").out).toBe(`true ${second} 22\ntrue ${project.pinned} 21\nfalse\n`);
  });

  it("imports the latest revision of the configured registry where nothing is pinned", () => {
    rmSync(project.path("t4.lock"));
    const bin = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));
    const env = { PATH: process.env["PATH"], HOME: project.path("home") };
    spawnSync(process.execPath, [bin, "config", "set", "default_remote_registry", project.registry], { env });
    project.write("main.js", READ);
    expect(node("main.js").out).toContain(" 22\n");
  });

  it("says which package is not pinned, and leaves other imports alone", () => {
    project.write("main.js", 'await import("t4:alice/wether");');
    expect(node("main.js").err).toMatch(
      /alice\/wether is not pinned in .*t4\.lock[\s\S]*Did you mean alice\/weather\?/,
    );
    project.write("main.js", 'import("t5:alice/weather").catch((error) => console.log(error.code));');
    expect(node("main.js").out).toBe("ERR_UNSUPPORTED_ESM_URL_SCHEME\n");
  });
});
