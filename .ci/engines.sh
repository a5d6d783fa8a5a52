#!/usr/bin/env bash
# Usage: .ci/engines.sh [REPORT.json]   Runs the tests on real S3 engines on 127.0.0.1; Linux with Debian's packages, Go and
# Python. Cold it takes about 6 minutes, most of it to build MinIO and versitygw once.
set -euo pipefail
cd "$(dirname "$0")/.."

T4_TEST_ENGINES=1 bash scripts/engines/with.sh "ceph ceph-throttled minio versitygw moto" \
  npx vitest run --reporter=default ${1:+--reporter=json --outputFile.json="$1"}
