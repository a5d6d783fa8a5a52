#!/usr/bin/env bash
# Usage: .ci/docs.sh   Packs the package, checks the tarball, installs it as its users would, and runs every code block of
# README, guide and reference with it; needs Python with venv, and PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --workspace packages/t4 --pack-destination "$work" >/dev/null
node scripts/check-package.js "$work"/t4-*.tgz
npm install --global --prefix "$work/prefix" "$work"/t4-*.tgz >/dev/null
export T4_PEERS=${T4_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/t4-bench/peers}
bash scripts/install-peers.sh "$T4_PEERS"
PATH="$work/prefix/bin:$PATH" node scripts/run-docs.js "$work" "$T4_PEERS"
