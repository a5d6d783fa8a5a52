import type { PackageRegistry } from "../../registry/registry.js";
import type { DataPlace } from "../places/data-place.js";

/** A registry that is open. */
export interface OpenRegistry extends PackageRegistry {
  /** What the registry is, however it was named: links and spellings that lead to one place give one identity. */
  readonly identity: string;
  /** Where the bytes of its packages are. */
  readonly place: DataPlace;
}
