import { describe, expect, it } from "vitest";
import { looksSecret } from "#t4/cli/secret-files.js";
import { Scratch } from "./scratch.js";

describe("files that look like secrets", () => {
  it.each([
    ".env",
    "app/.env",
    ".env.production",
    "home/.aws/credentials",
    "id_rsa",
    ".ssh/id_ed25519",
    ".ssh/work",
    "tls/server.pem",
    "server.key",
    "store.P12",
    ".netrc",
    ".npmrc",
    ".git-credentials",
    ".docker/config.json",
    ".kube/config",
    "service-account-prod.json",
    "keys.kdbx",
  ])("%s", (key) => expect(looksSecret(key)).toBe(true));

  it.each([
    "env",
    ".env.example",
    "environment.csv",
    "id_rsa.pub",
    ".ssh/id_rsa.pub",
    ".ssh/known_hosts",
    ".aws/config",
    "keys.csv",
    "key/readme.md",
    "pem.txt",
    "monkey",
  ])("but not %s", (key) => expect(looksSecret(key)).toBe(false));

  it("are named before a push, which goes on; --quiet and .quiltignore silence it", () => {
    const scratch = new Scratch();
    scratch.write("data/a.txt", "a");
    scratch.write("data/.env", "PASSWORD=x");
    scratch.write("data/.aws/credentials", "x");
    const first = scratch.t4(["push", "alice/a", "data", "registry"]);
    expect(first.code).toBe(0);
    expect(first.err).toMatch(
      /warning: these files look like secrets.*\n {2}data\/\.aws\/credentials\n {2}data\/\.env\nhint: .*\.quiltignore/,
    );
    scratch.write("data/a.txt", "b");
    expect(scratch.t4(["push"], "data").err).not.toContain("secrets");
    expect(scratch.t4(["push", "alice/b", "data", "registry", "-q"]).err).toBe("");
    scratch.write("data/.quiltignore", ".env\n.aws/\n");
    expect(scratch.t4(["push", "alice/c", "data", "registry"]).err).not.toContain("secrets");
  });
});
