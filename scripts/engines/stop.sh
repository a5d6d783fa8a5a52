#!/usr/bin/env bash
# Usage: stop.sh DIR...   Ends the engines that start.sh started there and removes their data.
set -euo pipefail
. "$(dirname "$0")/common.sh"
for dir in "$@"; do
  stop_all "$dir"
  rm -rf "$dir"
done
