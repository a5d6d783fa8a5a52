#!/usr/bin/env bash
# Usage: scripts/debian-packages.sh PACKAGE...   Installs those that are missing; Debian as root. Several calls at a time wait
# for each other.
set -euo pipefail
exec 9>"${TMPDIR:-/tmp}/t4-debian-packages.lock"
flock 9

missing=()
for package in "$@"; do
  dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0
apt-get update -q >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}" >/dev/null
