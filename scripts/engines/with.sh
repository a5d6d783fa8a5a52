#!/usr/bin/env bash
# Usage: with.sh "ENGINE..." COMMAND [ARGUMENT...]   Installs engines, starts them on 127.0.0.1, runs a command that finds them
# in T4_ENGINES ("name=url name=url"), and stops them.
set -euo pipefail
here=$(dirname "$0")
read -ra names <<<"$1"
shift

bash "$here/install.sh" "${names[@]}"
run=$(mktemp -d)
trap 'bash "$here/stop.sh" "$run"/*; rm -rf "$run"' EXIT
T4_ENGINES=""
for name in "${names[@]}"; do
  url=$(bash "$here/start.sh" "$name" "$run/$name")
  T4_ENGINES+="$name=$url "
done
T4_ENGINES=$T4_ENGINES "$@"
