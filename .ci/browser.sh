#!/usr/bin/env bash
# Usage: .ci/browser.sh [REPORT.json]   Opens the catalog's pages in Debian's Chromium, of folders and of buckets on MinIO; needs
# root, and Go to build MinIO once. A picture of each page is left in ./pictures, or where T4_PICTURES says.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/debian-packages.sh chromium fonts-dejavu-core
export T4_PICTURES=${T4_PICTURES:-$PWD/pictures}
T4_TEST_BROWSER=1 bash scripts/engines/with.sh minio npx vitest run --reporter=default ${1:+--reporter=json --outputFile.json="$1"}
