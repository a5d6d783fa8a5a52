import type { JobName, Peer } from "./peer.js";
import { pythonVersion } from "./python-version.js";

const JOBS: readonly JobName[] = ["build", "push", "pushS3", "install", "installS3"];

/** The command of the Hugging Face Hub, which keeps data on that Hub alone. */
export const hf: Peer = {
  name: "hf",
  install: "scripts/install-peers.sh",
  program: "hf",
  version: (program) => pythonVersion(program, "huggingface_hub"),
  cannot: Object.fromEntries(JOBS.map((job) => [job, "with its own Hub alone"])),
  jobs: (program) => ({ version: () => ({ command: [program, "version"] }) }),
};
