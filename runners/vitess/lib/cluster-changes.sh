# shellcheck shell=bash
# Changes of a running cluster: other primaries, other shards. Sourced by cluster.

# reparent KEYSPACE/SHARD [UID]: planned, so no transaction is lost
reparent() {
  local keyspace=${1%%/*} shard=${1#*/} new=${2:-} old
  old=$(primary_of "$keyspace" "$shard")
  [[ -n $old ]] || fail "there is no shard $1 with a primary"
  [[ -n $new ]] || new=$(tablets "$keyspace" "$shard" | grep -vx "$old" | sed -n 1p) ||
    die 2 "$1 has no replica: start the cluster with --replicas=1"
  vtctl PlannedReparentShard --wait-replicas-timeout 30s --new-primary "$(alias_of "$new")" "$1" >/dev/null ||
    fail "could not make tablet $new the primary of $1 (where the old one is dead: --emergency)"
  reparented "$1" "$new"
}

# emergency_reparent KEYSPACE/SHARD [UID]: without asking the old primary, which may be dead
emergency_reparent() {
  local keyspace=${1%%/*} shard=${1#*/} new=${2:-} flags=()
  [[ -z $new ]] || flags+=(--new-primary "$(alias_of "$new")")
  vtctl EmergencyReparentShard --wait-replicas-timeout 10s "${flags[@]}" "$1" >/dev/null ||
    fail "no other tablet could be made the primary of $1"
  new=$(primary_of "$keyspace" "$shard")
  reparented "$1" "$new"
}

reparented() { # KEYSPACE/SHARD UID
  within_deadline "answer of the new primary of $1" "$instance/vtgate.log" serves_as_primary "$1" "$2"
  say "the primary of $1 is tablet $2"
  printf '%s\n' "$2"
}

# vtgate has heard of it, and it takes queries.
serves_as_primary() { # KEYSPACE/SHARD UID
  [[ $(primary_of "${1%%/*}" "${1#*/}") == "$2" ]] &&
    answers 127.0.0.1 "$(vtgate_mysql_port)" "${1%%/*}:${1#*/}@primary"
}

# A primary whose mysqld was restarted comes back read-only; vtorc would see to that.
make_writable() { # UID
  local keyspace shard
  read -r keyspace shard <"$instance/tablets/$1"
  if [[ $(primary_of "$keyspace" "$shard") == "$1" ]]; then
    within_deadline "writable primary of $keyspace/$shard" "$instance/vtctl.log" vtctl SetWritable "$(alias_of "$1")" true >/dev/null
  fi
}

WORKFLOW=cluster_reshard

# reshard KEYSPACE SHARD…: copies to the new shards, switches all traffic and removes the old ones, unless $keep
reshard() {
  local keyspace=$1 shard uid uids=() old target
  shift
  target=$(printf '%s\n' "$@" | LC_ALL=C sort)
  old=$(shards_now "$keyspace")
  [[ -n $old ]] || die 2 "there is no keyspace $keyspace"
  if [[ $old == "$target" ]]; then
    say "$keyspace has these shards already"
    return
  fi
  # Shards that stay need no copy.
  old=$(grep -vxF -e "$target" <<<"$old") || die 2 "$keyspace: nothing to split or merge"
  has_tables "$keyspace" "$(head -n 1 <<<"$old")" || die 2 "$keyspace has no tables yet; without, Vitess has nothing to reshard"
  for shard in "$@"; do
    [[ -n $(tablets "$keyspace" "$shard") ]] || add_shard "$keyspace" "$shard"
    mapfile -t -O "${#uids[@]}" uids < <(tablets "$keyspace" "$shard")
  done
  start_tablets "${uids[@]}"
  for shard in "$@"; do
    [[ -n $(primary_of "$keyspace" "$shard") ]] || elect_first "$keyspace" "$shard"
  done
  if ! workflow_exists "$keyspace"; then
    vtctl Reshard --workflow "$WORKFLOW" --target-keyspace "$keyspace" create \
      --source-shards "$(paste -sd, <<<"$old")" --target-shards "$(join , "$@")" >>"$instance/vtctl.log" ||
      fail "could not begin to reshard $keyspace"
  fi
  within_deadline "switch of the traffic of $keyspace" "$instance/vtctl.log" switched "$keyspace"
  # shellcheck disable=SC2154 # an option of cluster's
  if [[ $keep == yes ]]; then
    say "the traffic of $keyspace goes to the shards $(join , "$@"); its old ones are still there"
    return
  fi
  vtctl Reshard --workflow "$WORKFLOW" --target-keyspace "$keyspace" complete >>"$instance/vtctl.log" ||
    fail "could not complete the resharding of $keyspace"
  for shard in $old; do
    for uid in $(tablets "$keyspace" "$shard"); do
      kill_tablet "$uid"
      rm -rf "$instance/tablets/$uid" "$(data_of "$uid")"
    done
  done
  for shard in "$@"; do
    within_deadline "answer of $keyspace/$shard" "$instance/vtgate.log" \
      answers 127.0.0.1 "$(vtgate_mysql_port)" "$keyspace:$shard"
  done
  write_json
  say "$keyspace has the shards $(join , "$@")"
}

has_tables() { # KEYSPACE SHARD
  [[ -n $(vtctl GetSchema --table-names-only "$(alias_of "$(primary_of "$1" "$2")")") ]]
}

workflow_exists() { vtctl GetWorkflows --show-all --compact "$1" | grep -q "\"name\": *\"$WORKFLOW\""; }

# Vitess refuses as long as the copy is not done.
switched() { # KEYSPACE
  vtctl Reshard --workflow "$WORKFLOW" --target-keyspace "$1" switchtraffic >>"$instance/vtctl.log"
}
