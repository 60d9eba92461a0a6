# shellcheck shell=bash
# Starting one instance and waiting for it. Sourced by up, which owns $here, $instance and the options.

DEADLINE=${VITESS_BEAM_DEADLINE:-90}

# On top of vttestserver's own flags for vtcombo; the last one given wins. Its pools are 4 wide, and its
# query timeout is 300 s; here the limits that users meet are production's defaults, and the pools are
# wide enough for parallel readers and writers.
VTCOMBO_FLAGS=(
  --queryserver-config-max-result-size=10000
  --queryserver-config-query-timeout=30s
  --queryserver-config-pool-size=32
  --queryserver-config-stream-pool-size=200
  --queryserver-config-transaction-cap=100
)

# Makes $instance a VTROOT that the programs can run in.
furnish() {
  local root=$instance/root data=$instance/data wait_for=PRIMARY
  # It waits for a replica by default: for 30 s and in vain where there is none.
  if ((replica_count > 1)); then wait_for=PRIMARY,REPLICA; fi
  mkdir -p "$root/bin" "$data/tmp"
  ln -s "$config" "$root/config"
  ln -s "$bin/mysqlctl" "$root/bin/mysqlctl"
  {
    printf '#!/usr/bin/env bash\nexec %q "$@"' "$bin/vtcombo"
    printf ' %q' "${VTCOMBO_FLAGS[@]}" "--tablet-types-to-wait=$wait_for" "${vtcombo_flags[@]}"
    printf '\n'
  } >"$root/bin/vtcombo"
  cp "$here/my.cnf" "$instance/my.cnf"
  mycnf=$instance/my.cnf
  if [[ -n $extra_my_cnf ]]; then
    cp "$extra_my_cnf" "$instance/extra.cnf"
    mycnf+=:$instance/extra.cnf
  fi
  chmod -R u+rwX,go+rX "$instance"
  chmod 0755 "$root/bin/vtcombo"
  if is_root; then chown -R "$VITESS_UID:$VITESS_UID" "$data"; fi
  as_vitess test -w "$data" ||
    die 1 "user $VITESS_UID, whom Vitess runs as, cannot enter $instance: choose another --dir"
  # A socket's path has room for 107 bytes.
  ((${#data} <= 80)) || die 2 "the path $data is too long for a socket: choose a shorter --dir"
}

server_command() {
  command=(
    env "VTROOT=$instance/root" "VTDATAROOT=$instance/data" "VT_MYSQL_ROOT=$mysql_root"
    "HOME=$instance/data" "TMPDIR=$instance/data/tmp"
    "$bin/vttestserver" --port "$base" --data-dir "$instance/data" --extra-my-cnf "$mycnf"
    --keyspaces "$(join , "${keyspaces[@]}")" --num-shards "$(join , "${num_shards[@]}")"
    --replica-count "$replica_count" --rdonly-count 0
    --mysql-bind-host 127.0.0.1 --vtcombo-bind-host 127.0.0.1 --grpc-bind-address 127.0.0.1
    --vschema-ddl-authorized-users=% --tablet-refresh-interval 2s
    --log_dir "$instance/data/logs" --alsologtostderr
  )
}

docker_command() {
  local container=vitess-beam-$name-$base
  printf '%s\n' "$container" >"$instance/container"
  command=(
    docker run --rm --name "$container" --label vitess-beam=1
    --publish "127.0.0.1:$base:$base" --publish "127.0.0.1:$((base + 1)):$((base + 1))"
    --publish "127.0.0.1:$((base + 3)):$((base + 3))"
    --env "PORT=$base" --env "KEYSPACES=$(join , "${keyspaces[@]}")"
    --env "NUM_SHARDS=$(join , "${num_shards[@]}")"
    --env MYSQL_BIND_HOST=0.0.0.0 --env VTCOMBO_BIND_HOST=0.0.0.0 "$DOCKER_IMAGE"
  )
}

join() {
  local IFS=$1
  shift
  printf '%s\n' "$*"
}

# start: 0 ready, 1 failed, 4 a port was taken by somebody else
start() {
  local command up_start
  base=$(<"$instance/base")
  if [[ $source == docker ]]; then
    docker_command
  else
    furnish
    server_command
  fi
  started_at $$
  up_start=$REPLY
  # Nothing of this script may stay open in it: who reads our output waits for its end.
  setsid "$here/lib/supervise" "$instance" $$ "$up_start" "${parent[@]}" "${command[@]}" \
    </dev/null >/dev/null 2>&1 &
  supervisor=$!
  wait_until_ready
}

wait_until_ready() {
  local until=$((SECONDS + DEADLINE))
  while ((SECONDS < until)); do
    if [[ -f $instance/exited ]] || ! started_at "$supervisor"; then
      if port_was_taken; then return 4; fi
      say "vttestserver ended before it was ready"
      return 1
    fi
    # mysqlctl would wait for 60 s for a mysqld that has given up.
    if port_was_taken; then return 4; fi
    # The first line is written when vtcombo has started.
    if [[ -s $instance/out ]] && is_ready; then return 0; fi
    sleep 0.1
  done
  say "Vitess is not ready after $DEADLINE s (VITESS_BEAM_DEADLINE sets another limit)"
  return 1
}

port_was_taken() { grep -qis 'address already in use' "$instance/log" "$instance"/data/vt_*/error.log; }

is_ready() {
  local i shard
  [[ $source == docker ]] || is_ours 127.0.0.1 "$base" "$instance/" || return 1
  for i in "${!keyspaces[@]}"; do
    for shard in $(shards_of "${num_shards[i]}"); do
      answers 127.0.0.1 $((base + 3)) "${keyspaces[i]}:$shard" || return 1
    done
  done
}

# What went wrong, without the stacks that a Go program prints, and without the plugins this mysqld lacks.
show_log() {
  local file
  for file in "$instance/log" "$instance"/data/vt_*/error.log; do
    if [[ -s $file ]]; then
      say "from ${file#"$instance"/}:"
      { grep -iE '^[EF][0-9]{4} |error|abort|fatal' "$file" | grep -vE 'semi_?sync|glog|^ *--|SIGABRT' || cat "$file"; } |
        tail -n 12 | cut -c 1-400 >&2
    fi
  done
}
