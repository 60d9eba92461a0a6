# shellcheck shell=bash
# Starting a full cluster. Sourced by cluster, which owns $here, $instance, $base and the options.
#
# settings holds what later commands must know, in words of the shell; only its owner may read it, as logins
# are in it.

save_settings() {
  (umask 077 && printf '%s=%q\n' VITESS_VERSION "$VITESS_VERSION" replicas "$replicas" LOGIN "$LOGIN" tls "$tls" wanted "$wanted" >"$instance/settings")
}

furnish_cluster() {
  mkdir -p "$instance/root" "$instance/data/tmp" "$instance/data/logs" "$instance/data/backups" "$instance/tablets"
  echo 100 >"$instance/tablets/next"
  ln -s "$config" "$instance/root/config"
  sed -E 's/^innodb_buffer_pool_size.*/innodb_buffer_pool_size = 64M/; s/^innodb_log_file_size.*/innodb_log_file_size = 32M/' \
    "$here/my.cnf" >"$instance/my.cnf"
  if [[ -n $extra_my_cnf ]]; then cat "$extra_my_cnf" >>"$instance/my.cnf"; fi
  chmod -R u+rwX,go+rX "$instance"
  write_logins
  save_settings
  if is_root; then chown -R "$VITESS_UID:$VITESS_UID" "$instance/data"; fi
  as_vitess test -w "$instance/data" ||
    die 1 "user $VITESS_UID, whom Vitess runs as, cannot enter $instance: choose another --dir"
  # A socket's path has room for 107 bytes.
  ((${#instance} <= 75)) || die 2 "the path $instance is too long for a socket: choose a shorter --dir"
}

# The two files of vtgate's static users.
write_logins() {
  local user mysql='' grpc=''
  for user in "${users[@]}"; do
    mysql+=,"\"${user%%:*}\":[{\"UserData\":\"${user%%:*}\",\"Password\":\"${user#*:}\"}]"
    grpc+=,"{\"Username\":\"${user%%:*}\",\"Password\":\"${user#*:}\"}"
  done
  (umask 077 && printf '{%s}\n' "${mysql#,}" >"$instance/data/mysql-users.json")
  (umask 077 && printf '[%s]\n' "${grpc#,}" >"$instance/data/grpc-users.json")
}

start_etcd() {
  local peers=http://127.0.0.1:$((base + 1)) clients up_start words
  clients=http://127.0.0.1:$(etcd_port)
  mapfile -t words < <(environment)
  started_at $$
  up_start=$REPLY
  # Nothing of this script may stay open in it: who reads our output waits for its end.
  setsid "$here/lib/supervise" "$instance" $$ "$up_start" "${parent[@]}" "${words[@]}" \
    "$(program etcd)" --data-dir "$instance/data/etcd" --unsafe-no-fsync \
    --listen-client-urls "$clients" --advertise-client-urls "$clients" \
    --listen-peer-urls "$peers" --initial-advertise-peer-urls "$peers" --initial-cluster "default=$peers" \
    </dev/null >/dev/null 2>&1 &
  supervisor=$!
  within_deadline etcd "$instance/log" page_has 127.0.0.1 "$(etcd_port)" /health true
}

start_vtctld() {
  local topology
  mapfile -t topology < <(topology)
  as_vitess "$(program vtctldclient)" "${topology[@]}" --server internal --log_dir "$instance/data/logs" AddCellInfo \
    --root "/vitess/$CELL" --server-address "127.0.0.1:$(etcd_port)" "$CELL" >/dev/null 2>>"$instance/vtctl.log" ||
    fail "could not make the cell"
  spawn "$instance/vtctld.log" "$(program vtctld)" "${topology[@]}" --log_dir "$instance/data/logs" --alsologtostderr \
    --cell "$CELL" --service-map grpc-vtctl,grpc-vtctld --bind-address 127.0.0.1 --grpc-bind-address 127.0.0.1 \
    --backup-storage-implementation file --file-backup-storage-root "$instance/data/backups" \
    --port "$(vtctld_port)" --grpc-port "$(vtctld_grpc_port)"
  within_deadline vtctld "$instance/vtctld.log" is_ours 127.0.0.1 "$(vtctld_port)" "$instance/"
}

start_vtgate() {
  local topology flags=()
  mapfile -t topology < <(topology)
  if [[ -n $LOGIN ]]; then
    flags+=(--mysql-auth-server-impl static --mysql-auth-server-static-file "$instance/data/mysql-users.json"
      --grpc-auth-mode static --grpc-auth-static-password-file "$instance/data/grpc-users.json")
  else
    flags+=(--mysql-auth-server-impl none)
  fi
  if [[ -n $tls ]]; then
    flags+=(--mysql-server-ssl-cert "$tls/server.pem" --mysql-server-ssl-key "$tls/server.key"
      --grpc-cert "$tls/server.pem" --grpc-key "$tls/server.key")
  fi
  spawn "$instance/vtgate.log" "$(program vtgate)" "${topology[@]}" --log_dir "$instance/data/logs" --alsologtostderr \
    --cell "$CELL" --cells-to-watch "$CELL" --tablet-types-to-wait PRIMARY --service-map grpc-vtgateservice \
    --port "$(vtgate_port)" --grpc-port "$(vtgate_grpc_port)" --mysql-server-port "$(vtgate_mysql_port)" \
    --bind-address 127.0.0.1 --grpc-bind-address 127.0.0.1 --mysql-server-bind-address 127.0.0.1 \
    --vschema-ddl-authorized-users % --enable-buffer --tablet-refresh-interval 2s --healthcheck-timeout 10s "${flags[@]}"
}

kill_vtgate() {
  local pid
  for pid in $(pids_of vtgate "$instance"); do kill -KILL "$pid" 2>/dev/null || true; done
}

start_vtgate_again() {
  [[ -n $(pids_of vtgate "$instance") ]] || start_vtgate
  wait_for_shards
}

fail() { # MESSAGE
  show_end "$instance/vtctl.log"
  die 1 "$*"
}

start_cluster() {
  local i shard uid
  furnish_cluster
  start_etcd
  start_vtctld
  for i in "${!keyspaces[@]}"; do
    vtctl CreateKeyspace --durability-policy none "${keyspaces[i]}" >/dev/null ||
      fail "could not make the keyspace ${keyspaces[i]}"
    for shard in $(shards_of "${num_shards[i]}"); do
      add_shard "${keyspaces[i]}" "$shard"
    done
  done
  mapfile -t uids < <(tablets)
  start_tablets "${uids[@]}"
  for i in "${!keyspaces[@]}"; do
    for shard in $(shards_of "${num_shards[i]}"); do elect_first "${keyspaces[i]}" "$shard"; done
  done
  start_vtgate
  wait_for_shards
}

add_shard() { # KEYSPACE SHARD
  local i
  for ((i = 0; i <= replicas; i++)); do add_tablet "$1" "$2"; done
}

# A new shard has no primary until it is told one; its tablets may still be entering themselves.
elect_first() { # KEYSPACE SHARD
  local uid
  uid=$(tablets "$1" "$2" | sed -n 1p)
  within_deadline "primary of $1/$2" "$instance/vtctl.log" \
    vtctl PlannedReparentShard --new-primary "$(alias_of "$uid")" "$1/$2" >/dev/null
}

wait_for_shards() {
  local keyspace shard
  for keyspace in $(keyspaces_now); do
    for shard in $(shards_now "$keyspace"); do
      within_deadline "answer of $keyspace/$shard" "$instance/vtgate.log" \
        answers 127.0.0.1 "$(vtgate_mysql_port)" "$keyspace:$shard"
    done
  done
}

keyspaces_now() { for uid in $(tablets); do cut -d' ' -f1 "$instance/tablets/$uid"; done | awk '!seen[$0]++'; }

# The JSON that up prints, from what there is now.
describe_cluster() {
  local keyspace shards list=() tablets=() uid shard port
  for keyspace in $(keyspaces_now); do
    shards=$(shards_now "$keyspace" | sed 's/.*/"&"/' | tr '\n' ,)
    list+=("{\"name\":\"$keyspace\",\"shards\":[${shards%,}]}")
  done
  for uid in $(tablets); do
    read -r keyspace shard <"$instance/tablets/$uid"
    port=$(tablet_port "$uid")
    tablets+=("{\"uid\":$uid,\"keyspace\":\"$keyspace\",\"shard\":\"$shard\",\"http_port\":$port,\"vttablet_port\":$((port + 1)),\"mysqld_port\":$((port + 2)),\"socket\":\"$(data_of "$uid")/mysql.sock\"}")
  done
  printf '{"name":"%s","host":"127.0.0.1","mysql_port":%s,"grpc_port":%s,"keyspaces":[%s],"uri":"vitess://127.0.0.1:%s/%s","dir":"%s","pid":%s,"mysqld_socket":null,"version":"%s","vtctld_grpc_port":%s,"tablets":[%s]}\n' \
    "$name" "$(vtgate_mysql_port)" "$(vtgate_grpc_port)" "$(join , "${list[@]}")" "$(vtgate_mysql_port)" \
    "$(keyspaces_now | sed -n 1p)" "$instance" "$(cut -d' ' -f1 "$instance/owner")" "$(release_name)" \
    "$(vtctld_grpc_port)" "$(join , "${tablets[@]}")"
}

write_json() {
  describe_cluster >"$instance/json.new"
  mv "$instance/json.new" "$instance/json"
}

join() {
  local IFS=$1
  shift
  printf '%s\n' "$*"
}
