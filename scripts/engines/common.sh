# Shared by the scripts of this folder: where things are, free ports, processes that are stopped for sure. Linux only.

# Built engines are kept here, one folder per version.
CACHE=${T4_ENGINES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/t4-engines}
MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
VERSITYGW_VERSION=v1.8.0
MOTO_VERSION=5.2.5
ACCESS_KEY=T4ENGINEACCESSKEY001
SECRET_KEY=t4-engine-secret-key-for-loopback-only-1

say() { echo "engines: $*" >&2; }

# A port of 127.0.0.1 on which nobody listens now.
free_port() {
  local port
  for _ in $(seq 200); do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  say "found no free port" && return 1
}

# Kernel's start time of a process: with its id it names one process for ever.
start_time() { cut -d ')' -f 2 "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 21; }

# spawn DIR NAME COMMAND...: starts a process of its own session and notes it in DIR/pids.
spawn() {
  local dir=$1 name=$2
  shift 2
  setsid "$@" </dev/null >"$dir/$name.log" 2>&1 &
  echo "$name $! $(start_time $!)" >>"$dir/pids"
}

# is_running DIR NAME
is_running() {
  local pid started
  read -r _ pid started < <(grep "^$2 " "$1/pids" | tail -n 1)
  [ "$(start_time "$pid")" = "$started" ]
}

# stop_all DIR: ends what spawn started, newest first, and nothing else.
stop_all() {
  local name pid started
  [ -s "$1/pids" ] || return 0
  while read -r name pid started; do
    [ "$(start_time "$pid")" = "$started" ] || continue
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 30); do
      [ "$(start_time "$pid")" = "$started" ] || break
      sleep 0.1
    done
    [ "$(start_time "$pid")" != "$started" ] || kill -9 "$pid" 2>/dev/null || true
  done < <(tac "$1/pids")
}

# wait_for_http DIR NAME PORT: until something answers there.
wait_for_http() {
  for _ in $(seq 300); do
    if curl --silent --output /dev/null --max-time 5 "http://127.0.0.1:$3/"; then return 0; fi
    if ! is_running "$1" "$2"; then break; fi
    sleep 0.1
  done
  say "$2 does not answer on 127.0.0.1:$3; its last words:"
  tail -n 20 "$1/$2.log" >&2
  return 1
}
