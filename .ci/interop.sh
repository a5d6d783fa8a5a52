#!/usr/bin/env bash
# Usage: .ci/interop.sh [REPORT.json]   Installs the real clients, Quilt 3 and T4 of 2019, and engines that read exports, pyiceberg and
# Spark, and runs the tests that hold ours against them, in folders and in buckets of Ceph and MinIO; Debian as root, with
# Python and PyPI. Cold it takes about 4 minutes more to install 1.4 GB once, and 2 for MinIO.
set -euo pipefail
cd "$(dirname "$0")/.."

export T4_PEERS=${T4_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/t4-bench/peers}
bash scripts/debian-packages.sh maven
bash scripts/install-peers.sh "$T4_PEERS" quilt3 t4-2019 duckdb pyiceberg spark
T4_TEST_INTEROP=1 bash scripts/engines/with.sh "ceph minio" \
  npx vitest run --reporter=default ${1:+--reporter=json --outputFile.json="$1"}
