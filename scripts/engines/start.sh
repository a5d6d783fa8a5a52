#!/usr/bin/env bash
# Usage: start.sh ENGINE DIR   (ceph ceph-throttled minio versitygw moto)
# Starts an installed engine on a free port of 127.0.0.1 with its data under DIR, which must not exist yet, and prints its
# URL. `ceph-throttled` lets two requests in at a time and answers the others 503 SlowDown. `stop.sh DIR` ends it.
set -euo pipefail
. "$(dirname "$0")/common.sh"
engine=$1
mkdir -p "$(dirname "$2")"
mkdir "$2"
dir=$(cd "$2" && pwd)
trap 'stop_all "$dir"' ERR
port=$(free_port)

case $engine in
minio)
  MINIO_ROOT_USER=$ACCESS_KEY MINIO_ROOT_PASSWORD=$SECRET_KEY MINIO_BROWSER=off MINIO_UPDATE=off MINIO_PROMETHEUS_AUTH_TYPE=public \
    spawn "$dir" minio "$CACHE/minio-$MINIO_VERSION/minio" server --quiet --address "127.0.0.1:$port" "$dir/data"
  wait_for_http "$dir" minio "$port"
  ;;
versitygw)
  mkdir "$dir/data" "$dir/versions"
  spawn "$dir" versitygw "$CACHE/versitygw-$VERSITYGW_VERSION/versitygw" --port "127.0.0.1:$port" \
    --access "$ACCESS_KEY" --secret "$SECRET_KEY" posix --versioning-dir "$dir/versions" "$dir/data"
  wait_for_http "$dir" versitygw "$port"
  ;;
moto)
  spawn "$dir" moto "$CACHE/moto-$MOTO_VERSION/bin/python" "$(dirname "$0")/serve-moto.py" -H 127.0.0.1 -p "$port"
  wait_for_http "$dir" moto "$port"
  ;;
ceph) bash "$(dirname "$0")/start-ceph.sh" "$dir" "$port" ;;
ceph-throttled) bash "$(dirname "$0")/start-ceph.sh" "$dir" "$port" --rgw_max_concurrent_requests=2 ;;
*) say "there is no engine '$engine'" && exit 2 ;;
esac
echo "http://127.0.0.1:$port"
