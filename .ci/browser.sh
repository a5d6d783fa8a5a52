#!/usr/bin/env bash
# Usage: .ci/browser.sh [REPORT.json]   Opens the catalog's pages in Debian's Chromium, of folders and of buckets on MinIO; needs
# root, and Go to build MinIO once. T4_PICTURES=<directory> keeps a picture of each page.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/debian-packages.sh chromium fonts-dejavu-core
T4_TEST_BROWSER=1 bash scripts/engines/with.sh minio npx vitest run --reporter=default ${1:+--reporter=json --outputFile.json="$1"}
