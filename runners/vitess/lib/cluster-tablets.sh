# shellcheck shell=bash
# Programs of a full cluster, and its tablets: a mysqld and a vttablet each, known by a number from 100 on.
# Sourced by cluster, which owns $instance, $base and the settings.
#
# tablets/UID holds "KEYSPACE SHARD". Ports from base: etcd, its peers, vtctld HTTP and gRPC, vtgate HTTP,
# gRPC and MySQL; from base + 8 on three for each tablet: HTTP, gRPC, mysqld.

PORT_BLOCK=128
TABLETS_AT_MOST=$(((PORT_BLOCK - 8) / 3))
CELL=zone1

etcd_port() { echo "$base"; }
vtctld_port() { echo $((base + 2)); }
vtctld_grpc_port() { echo $((base + 3)); }
vtgate_port() { echo $((base + 4)); }
vtgate_grpc_port() { echo $((base + 5)); }
vtgate_mysql_port() { echo $((base + 6)); }
tablet_port() { echo $((base + 8 + 3 * ($1 - 100))); }

alias_of() { printf '%s-%010d\n' "$CELL" "$1"; }
data_of() { printf '%s/data/vt_%010d\n' "$instance" "$1"; }
program() { if [[ -n $bin ]]; then printf '%s/%s\n' "$bin" "$1"; else command -v "$1"; fi; }

topology() {
  printf '%s\n' --topo-implementation etcd2 --topo-global-server-address "127.0.0.1:$(etcd_port)" \
    --topo-global-root /vitess/global
}

environment() {
  printf '%s\n' env "VTROOT=$instance/root" "VTDATAROOT=$instance/data" "VT_MYSQL_ROOT=$mysql_root" \
    "EXTRA_MY_CNF=$instance/my.cnf" "HOME=$instance/data" "TMPDIR=$instance/data/tmp"
}

# spawn LOG COMMAND…: runs on when this script has ended. That the command names the folder of the instance
# is what the end of the instance finds it by.
spawn() {
  local log=$1 words
  shift
  mapfile -t words < <(environment)
  (cd / && exec_as_vitess setsid "${words[@]}" "$@") </dev/null >>"$log" 2>&1 &
  disown
}

# mysqlctl UID COMMAND…
mysqlctl() {
  local uid=$1 words
  shift
  mapfile -t words < <(environment)
  (cd / && as_vitess "${words[@]}" "$tools/mysqlctl" --log_dir "$instance/data/logs" --tablet-uid "$uid" "$@")
}

# vtctl ARGUMENT…: through vtctld; what it says goes to a log, which is what a failure shows
vtctl() {
  as_vitess "$(program vtctldclient)" --server "127.0.0.1:$(vtctld_grpc_port)" --action-timeout "${DEADLINE}s" \
    --log_dir "$instance/data/logs" "$@" 2>>"$instance/vtctl.log"
}

# within_deadline WHAT LOG COMMAND…: it becomes true in time, or the end of the log is shown
within_deadline() {
  local what=$1 log=$2 until=$((SECONDS + DEADLINE))
  shift 2
  until "$@"; do
    if [[ ! -d $instance ]] || { [[ -n ${supervisor:-} ]] && ! started_at "$supervisor"; }; then
      die 1 "$name was ended while waiting for $what"
    fi
    if ((SECONDS >= until)); then
      say "still no $what after $DEADLINE s (VITESS_BEAM_DEADLINE sets another limit)"
      show_end "$log"
      exit 1
    fi
    sleep 0.2
  done
}

show_end() { # LOG
  if [[ -s $1 ]]; then
    say "from ${1#"$instance"/}:"
    tail -n 12 "$1" | cut -c 1-400 >&2
  fi
}

tablets() { # [KEYSPACE [SHARD]]: their numbers
  local file keyspace shard
  for file in "$instance"/tablets/[0-9]*; do
    { read -r keyspace shard <"$file"; } 2>/dev/null || continue
    if [[ (-z ${1:-} || $1 == "$keyspace") && (-z ${2:-} || $2 == "$shard") ]]; then printf '%s\n' "${file##*/}"; fi
  done
}

shards_now() { # KEYSPACE: those with tablets, in the order of their key ranges
  local uid
  for uid in $(tablets "$1"); do cut -d' ' -f2 "$instance/tablets/$uid"; done | LC_ALL=C sort -u
}

# Numbers are used once only, so that no port or folder is that of a tablet of before.
add_tablet() { # KEYSPACE SHARD
  local uid
  uid=$(<"$instance/tablets/next")
  ((uid < 100 + TABLETS_AT_MOST)) || die 1 "a cluster has at most $TABLETS_AT_MOST tablets in its life"
  echo $((uid + 1)) >"$instance/tablets/next"
  printf '%s %s\n' "$1" "$2" >"$instance/tablets/$uid"
}

# mysqld_runs UID, vttablet_runs UID
mysqld_runs() { [[ -n $(pids_of mysqld "$(data_of "$1")") ]]; }
vttablet_runs() { [[ -n $(pids_of vttablet "$(data_of "$1")") ]]; }

pids_of() { # PROGRAM FOLDER
  local pid comm
  for pid in $(processes_of "$2"); do
    { read -r comm <"/proc/$pid/comm"; } 2>/dev/null || continue
    if [[ $comm == "$1" ]]; then printf '%s\n' "$pid"; fi
  done
}

start_mysqlds() {
  local uid jobs=()
  for uid in "$@"; do
    if mysqld_runs "$uid"; then continue; fi
    start_mysqld "$uid" &
    jobs+=("$uid:$!")
  done
  for uid in "${jobs[@]}"; do
    wait "${uid#*:}" && continue
    show_end "$instance/mysqlctl-${uid%:*}.log"
    show_end "$(data_of "${uid%:*}")/error.log"
    die 1 "the mysqld of tablet ${uid%:*} did not start"
  done
}

start_mysqld() { # UID
  local command=start
  [[ -d $(data_of "$1")/data ]] || command=init
  # A socket of a killed mysqld would pass for a live one.
  rm -f "$(data_of "$1")"/mysql.sock*
  mysqlctl "$1" --mysql-port $(($(tablet_port "$1") + 2)) "$command" --wait-time "${DEADLINE}s" \
    </dev/null >>"$instance/mysqlctl-$1.log" 2>&1
}

# The limits that users meet, whatever a release of Vitess has as its defaults.
LIMITS=(
  --queryserver-config-query-timeout=30s
  --queryserver-config-transaction-timeout=30s
  --queryserver-config-max-result-size=10000
  --queryserver-config-transaction-cap=20
)

start_vttablet() { # UID
  local keyspace shard port topology
  if vttablet_runs "$1"; then return; fi
  read -r keyspace shard <"$instance/tablets/$1"
  port=$(tablet_port "$1")
  mapfile -t topology < <(topology)
  spawn "$instance/vttablet-$1.log" "$(program vttablet)" "${topology[@]}" --log_dir "$(data_of "$1")/logs" --alsologtostderr \
    --tablet-path "$(alias_of "$1")" --tablet-hostname 127.0.0.1 --bind-address 127.0.0.1 --grpc-bind-address 127.0.0.1 \
    --init-keyspace "$keyspace" --init-shard "$shard" --init-tablet-type replica \
    --port "$port" --grpc-port $((port + 1)) --service-map grpc-queryservice,grpc-tabletmanager,grpc-updatestream \
    --backup-storage-implementation file --file-backup-storage-root "$instance/data/backups" \
    --health-check-interval 2s --enable-replication-reporter "${LIMITS[@]}"
}

# Starts what of these tablets does not run, and waits until they are part of the cluster.
start_tablets() { # UID…
  local uid
  start_mysqlds "$@"
  for uid in "$@"; do
    as_vitess mkdir -p "$(data_of "$uid")/logs"
    start_vttablet "$uid"
  done
  for uid in "$@"; do
    within_deadline "vttablet $uid" "$instance/vttablet-$uid.log" is_ours 127.0.0.1 "$(tablet_port "$uid")" "$instance/"
  done
}

# kill_tablet UID [PROGRAM]: as a crash would
kill_tablet() {
  local pid program
  for program in ${2:-vttablet mysqld}; do
    for pid in $(pids_of "$program" "$(data_of "$1")"); do kill -KILL "$pid" 2>/dev/null || true; done
  done
}

# KEYSPACE SHARD: its number; nothing where there is none, or no such shard
primary_of() { vtctl GetShard "$1/$2" | sed -n 's/.*"uid": \([0-9]*\).*/\1/p' || true; }
