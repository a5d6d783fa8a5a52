#!/usr/bin/env bash
# Usage: start-ceph.sh DIR PORT [RADOSGW-OPTION...]   Called by start.sh: a cluster of one monitor, one OSD in memory and
# the S3 gateway, without system services.
set -euo pipefail
. "$(dirname "$0")/common.sh"
dir=$1
port=$2
shift 2
trap 'stop_all "$dir"' ERR
mkdir "$dir/mon" "$dir/osd" "$dir/rgw" "$dir/run" "$dir/log"
conf=$dir/ceph.conf
monitor=127.0.0.1:$(free_port)
fsid=$(cat /proc/sys/kernel/random/uuid)

cat >"$conf" <<CONF
[global]
fsid = $fsid
mon host = [v1:$monitor]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
run dir = $dir/run
admin socket = $dir/run/\$name.asok
log file = $dir/log/\$name.log
crash dir = $dir/log
pid file =
mon cluster log file = $dir/log/cluster.log
mon data = $dir/mon
mon allow pool size one = true
mon max pg per osd = 2000
mon data avail warn = 1
mon data avail crit = 1
mon osd full ratio = .99
mon osd nearfull ratio = .98
mon osd backfillfull ratio = .985
paxos propose interval = 0.05
paxos min wait = 0.01
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 2
osd pool default pgp num = 2
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
rgw data = $dir/rgw
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw thread pool size = 64
rgw dns name = localhost
rgw enable usage log = false
rgw enable ops log = false
rgw override bucket index max shards = 1
rgw dynamic resharding = false
rgw run sync thread = false
CONF

monmaptool --create --clobber --fsid "$fsid" --addv a "[v1:$monitor]" "$dir/monmap" >/dev/null
ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
ceph-authtool "$dir/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
ceph-mon -c "$conf" --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/keyring"
spawn "$dir" mon ceph-mon -c "$conf" -i a -f

osd=$(cat /proc/sys/kernel/random/uuid)
timeout 30 ceph -c "$conf" osd new "$osd" >/dev/null
ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$osd" --no-mon-config >"$dir/log/mkfs.log" 2>&1
spawn "$dir" osd ceph-osd -c "$conf" -i 0 -f
for attempt in $(seq 60); do
  # An OSD may ask the monitor before that knows it, and gives up then.
  is_running "$dir" osd || spawn "$dir" osd ceph-osd -c "$conf" -i 0 -f
  if timeout 10 ceph -c "$conf" osd stat 2>/dev/null | grep -q '1 up'; then break; fi
  [ "$attempt" -lt 60 ] || { say "the OSD did not come up" && tail -n 20 "$dir/osd.log" >&2 && false; }
  sleep 0.2
done

timeout 60 radosgw-admin -c "$conf" user create --uid=t4 --display-name=t4 --access-key="$ACCESS_KEY" \
  --secret-key="$SECRET_KEY" >"$dir/log/user.log" 2>&1
spawn "$dir" rgw radosgw -c "$conf" --name client.rgw.a -f "$@"
wait_for_http "$dir" rgw "$port"
