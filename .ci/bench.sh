#!/usr/bin/env bash
# Usage: .ci/bench.sh   Every flow of the benchmark runs and prints its table, those on S3 with MinIO, and no time is asserted;
# docs/benchmarks.md is what its run says. Needs `npm run build`, which `npm run bench` would do again under the tests beside it.
set -euo pipefail
cd "$(dirname "$0")/.."
# The flows on S3 want a server; it gives its address to the command that it is started for, this very one.
[ -n "${T4_ENGINES:-}" ] || exec bash scripts/engines/with.sh minio bash .ci/bench.sh
bench=packages/t4/bench/lib/main.js
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

node $bench --quick --no-peers --cache "$work/bench" --markdown "$work/bench.md"
test "$(grep -c '^### ' "$work/bench.md")" -eq "$(node $bench --list | wc -l)"
# What did not run is told as that.
if grep NaN "$work/bench.md"; then exit 1; fi
node packages/t4/bench/lib/publish.js --check
