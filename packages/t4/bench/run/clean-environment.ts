import { join } from "node:path";

/**
 * The environment of every process that is measured: a home of its own, and nothing that slows some and not others.
 *
 * `NODE_EXTRA_CA_CERTS` costs Node 20 40 ms at every start.
 */
export function cleanEnvironment(scratch: string): NodeJS.ProcessEnv {
  const { PATH, LANG, TMPDIR } = process.env;
  return {
    PATH,
    LANG,
    TMPDIR,
    HOME: scratch,
    XDG_CACHE_HOME: join(scratch, "cache"),
    XDG_DATA_HOME: join(scratch, "share"),
    XDG_CONFIG_HOME: join(scratch, "config"),
    RESTIC_PASSWORD: "bench",
    BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: "yes",
    // Neither bars nor questions.
    QUILT_MINIMIZE_STDOUT: "true",
  };
}
