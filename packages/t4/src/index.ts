/** Versioned data packages on any bucket or folder: build, push, install, browse, compare and verify. @module */
export {
  type ErrorFacts,
  EXIT_CODES,
  isT4Error,
  T4Error,
  type T4ErrorCode,
  type T4ErrorOptions,
} from "./base/errors.js";
export { nearest } from "./base/nearest.js";
export type { LongOperationOptions, OnProgress, Progress, ProgressPhase } from "./base/progress.js";
export { shellWord } from "./base/shell-word.js";
export type { Config } from "./config/config-file.js";
export { type Locations, locations } from "./config/locations.js";
export type { RowAddedOrRemoved, RowChange, RowChanged } from "./content/diff-rows.js";
export type {
  Column,
  Comparable,
  Comparisons,
  Condition,
  Deserializer,
  FormatFile,
  FormatOptions,
  RandomAccess,
  Row,
  RowFilter,
  Table,
  Wanted,
} from "./content/format.js";
export { registerFormat } from "./content/register-format.js";
export type { RowSelection, TableSchema } from "./content/rows.js";
export { Timestamp, type TimeUnit } from "./content/timestamp.js";
export { type JsonInput, type JsonOutput, pyFloat } from "./format/json-convert.js";
export { PyFloat } from "./format/json-value.js";
export type { PackageName } from "./format/package-name.js";
export { pathOrUrl } from "./format/physical-key.js";
export { parseReference, type Reference } from "./format/reference.js";
export type { TopHash } from "./format/top-hash.js";
export { type UnportableKey, unportableKeys } from "./format/unportable-key.js";
export {
  Bucket,
  type BucketItem,
  type BucketObject,
  type BucketOptions,
  type CopyDirectoryOptions,
  type LsOptions,
  type PutObjectOptions,
} from "./package/bucket/bucket.js";
export type { PackageDiff } from "./package/changes/diff-packages.js";
export type {
  ColumnsChanged,
  FileSkipped,
  InFile,
  RowsDiffOptions,
  TableChange,
} from "./package/changes/table-changes.js";
export { config } from "./package/config.js";
export { copyPackage } from "./package/copy-package.js";
export { type DirectoryBase, directoryBase } from "./package/directory/open-directory.js";
export type { VerifyOptions, VerifyReport } from "./package/directory/verify-directory.js";
export {
  type ExportFormat,
  type ExportOptions,
  type ExportReport,
  exportRegistry,
} from "./package/export/export-registry.js";
export type { ExportTable } from "./package/export/export-target.js";
export type { AddOptions, Lock, OutdatedPin, Pin } from "./package/lock/lock.js";
export { openLock } from "./package/lock/open-lock.js";
export type { PinReport } from "./package/lock/verify-pin.js";
export { type DirectoryPackage, Package } from "./package/package.js";
export {
  type EntryHash,
  PackageEntry,
  type ReadOptions,
  type RowsOptions,
  type StreamOptions,
} from "./package/package-entry.js";
export type {
  BrowseOptions,
  BuildOptions,
  CopyOptions,
  CopyPolicy,
  CopyReport,
  InstallOptions,
  InstallReport,
  OpenDirectoryOptions,
  PushOptions,
  PushReport,
  ResolveOptions,
  RevisionOptions,
  SetDirOptions,
  SetOptions,
} from "./package/package-options.js";
export { type PackageTypesOptions, packageTypes, type TypedEntry, type TypedPackage } from "./package/package-types.js";
export type { RegistryCheck } from "./package/places/registry-check.js";
export type { PresignedUrl, PresignOptions } from "./package/presign-entry.js";
export {
  type BucketPolicy,
  inspectRegistry,
  type RegistryInspection,
  registryPolicy,
} from "./package/registries/inspect-registry.js";
export {
  deletePackage,
  deleteRevision,
  listPackages,
  listRevisions,
  openRegistry,
  type Registry,
  type TagOptions,
} from "./package/registries/open-registry.js";
export { type FindOptions, find } from "./package/search/find.js";
export {
  type FoundPackage,
  type IndexOptions,
  type SearchAnswer,
  type SearchResult,
  search,
} from "./package/search/search.js";
export { type SelectOptions, type SqlOptions, sql } from "./package/sql/sql.js";
export type { SqlColumn, SqlResult } from "./package/sql/sql-result.js";
export type { SqlRow, SqlValue } from "./package/sql/sql-value.js";
export type { WorkflowExample } from "./package/workflow/init-workflows.js";
export type { CollectGarbageOptions, GarbageReport, KeptForUndo } from "./registry/collect-garbage.js";
export { FINDING_CODES, type Finding, type FindingCode, type Severity } from "./registry/findings.js";
export type { FsckOptions } from "./registry/fsck-report.js";
export type { Operation, PointerChange } from "./registry/operation-records.js";
export type { ChangeOptions } from "./registry/operations.js";
export type { Revision, Tag } from "./registry/pointers.js";
export type { SkippedPath } from "./transfer/walk-directory.js";
