#!/usr/bin/env bash
# Usage: .ci/bench.sh   Every flow of the benchmark runs and prints its table; no time is asserted. Needs `npm run build`, which
# `npm run bench` would do again under the tests beside it.
set -euo pipefail
cd "$(dirname "$0")/.."
bench=packages/t4/bench/lib/main.js
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

node $bench --quick --no-peers --cache "$work/bench" --markdown "$work/bench.md"
test "$(grep -c '^### ' "$work/bench.md")" -eq "$(node $bench --list | wc -l)"
