#!/usr/bin/env bash
# Usage: .ci/interop.sh [REPORT.json]   Installs the real clients, Quilt 3 and T4 of 2019, and runs the tests that hold ours
# against them, in folders and in buckets of Ceph and MinIO; needs Python with venv, and PyPI. Cold it takes about 2 minutes
# more to install 600 MB once, and as long for MinIO.
set -euo pipefail
cd "$(dirname "$0")/.."

export T4_PEERS=${T4_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/t4-bench/peers}
bash scripts/install-peers.sh "$T4_PEERS"
T4_TEST_INTEROP=1 bash scripts/engines/with.sh "ceph minio" \
  npx vitest run --reporter=default ${1:+--reporter=json --outputFile.json="$1"}
