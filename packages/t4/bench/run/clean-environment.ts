import { join } from "node:path";
import { ENGINE_ACCOUNT } from "testkit/engines.js";

/**
 * The environment of every process that is measured: a home of its own, the way to the S3 server at `endpoint` ("" for none), and
 * nothing that slows some and not others.
 *
 * `NODE_EXTRA_CA_CERTS` costs Node 20 40 ms at every start.
 */
export function cleanEnvironment(scratch: string, endpoint: string): NodeJS.ProcessEnv {
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
    // Neither bars, nor questions, nor news about themselves.
    QUILT_MINIMIZE_STDOUT: "true",
    QUILT_DISABLE_USAGE_METRICS: "true",
    DVC_NO_ANALYTICS: "true",
    HF_HUB_OFFLINE: "1",
    // Who commits, for the tools on git.
    GIT_AUTHOR_NAME: "bench",
    GIT_AUTHOR_EMAIL: "bench@localhost",
    GIT_COMMITTER_NAME: "bench",
    GIT_COMMITTER_EMAIL: "bench@localhost",
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: ENGINE_ACCOUNT.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ENGINE_ACCOUNT.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
