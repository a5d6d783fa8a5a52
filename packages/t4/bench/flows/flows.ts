import type { Flow } from "../run/plan.js";
import { buildLarge, buildSmall } from "./build.js";
import { editOne } from "./edit.js";
import { installLarge, installLargeS3, installPath, installSmall, installSmallS3, reinstallSmall } from "./install.js";
import { manifestDiff, manifestList, manifestLoad } from "./manifest.js";
import { pushLarge, pushLargeS3, pushSlowS3, pushSmall, pushSmallS3, repushSmall, repushSmallS3 } from "./push.js";
import { rebuildLarge, rebuildSmall } from "./rebuild.js";
import { startHelp, startList, startVersion } from "./start.js";
import { verifyLarge, verifySmall } from "./verify.js";

/** All flows, in the order of the report. */
export const FLOWS: readonly Flow[] = [
  startVersion,
  startHelp,
  startList,
  buildLarge,
  buildSmall,
  rebuildLarge,
  rebuildSmall,
  editOne,
  pushLarge,
  pushSmall,
  repushSmall,
  pushLargeS3,
  pushSmallS3,
  pushSlowS3,
  repushSmallS3,
  installLarge,
  installSmall,
  installLargeS3,
  installSmallS3,
  reinstallSmall,
  installPath,
  verifyLarge,
  verifySmall,
  manifestLoad,
  manifestList,
  manifestDiff,
];
