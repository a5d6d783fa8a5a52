#!/usr/bin/env bash
# Usage: .ci/engines.sh [REPORT.json]   Starts real S3 engines on 127.0.0.1 and runs the tests on them; Linux with Debian's
# packages, Go and Python. Cold it takes about 6 minutes, most of it to build MinIO and versitygw once.
set -euo pipefail
cd "$(dirname "$0")/.."
names=(ceph ceph-throttled minio versitygw moto)

bash scripts/engines/install.sh "${names[@]}"
run=$(mktemp -d)
trap 'bash scripts/engines/stop.sh "$run"/*; rm -rf "$run"' EXIT
T4_ENGINES=""
for name in "${names[@]}"; do
  url=$(bash scripts/engines/start.sh "$name" "$run/$name")
  T4_ENGINES+="$name=$url "
done
export T4_ENGINES T4_TEST_ENGINES=1
npx vitest run --reporter=default ${1:+--reporter=json --outputFile.json="$1"}
