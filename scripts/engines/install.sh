#!/usr/bin/env bash
# Usage: install.sh ENGINE...   (ceph minio versitygw moto). Brings what is missing; a second run has nothing to do.
# Cold on 2 cores: minio 160 s, versitygw 120 s, ceph 15 s, moto 25 s.
set -euo pipefail
. "$(dirname "$0")/common.sh"
mkdir -p "$CACHE"
exec 9>"$CACHE/lock"
flock 9

# go_install MODULE VERSION FOLDER
go_install() {
  [ ! -d "$CACHE/$3" ] || return 0
  rm -rf "$CACHE/$3.new"
  GOBIN="$CACHE/$3.new" GOFLAGS=-mod=mod go install "$1@$2"
  mv "$CACHE/$3.new" "$CACHE/$3"
}

for engine in "$@"; do
  case $engine in
  minio) go_install github.com/minio/minio "$MINIO_VERSION" "minio-$MINIO_VERSION" ;;
  versitygw) go_install github.com/versity/versitygw/cmd/versitygw "$VERSITYGW_VERSION" "versitygw-$VERSITYGW_VERSION" ;;
  ceph*) bash "$(dirname "$0")/../debian-packages.sh" ceph-mon ceph-osd radosgw ceph-common curl ;;
  moto)
    folder=$CACHE/moto-$MOTO_VERSION
    if [ ! -e "$folder/complete" ]; then
      python3 -m venv --clear "$folder"
      "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "moto[server]==$MOTO_VERSION"
      touch "$folder/complete"
    fi
    ;;
  *) say "there is no engine '$engine'; known: ceph ceph-throttled minio versitygw moto" && exit 2 ;;
  esac
done
