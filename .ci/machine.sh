#!/usr/bin/env bash
# Usage: .ci/machine.sh [REPORT.json]   Runs the tests that trace system calls and mount disks; Debian as root.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/debian-packages.sh strace xfsprogs e2fsprogs
T4_TEST_MACHINE=1 npx vitest run --reporter=default ${1:+--reporter=json --outputFile.json="$1"}
