# shellcheck shell=bash
# Ports: vttestserver takes base (HTTP), +1 gRPC, +2 mysqld, +3 MySQL of vtgate, and keeps +4 and +5.
# A full cluster has more, see cluster-tablets.sh.
# Call choose_ports with the registry locked, and write the result down before unlocking it.

PORT_BLOCK=8
PORT_FIRST=11000
PORT_LAST=31000 # below what Linux hands out for outgoing connections

choose_ports() {
  local -A taken=()
  local port size file base _ i
  # Every local port in use, listening or not, either family.
  while read -r port; do taken[$((16#$port))]=1; done < <(
    awk 'FNR > 1 { n = split($2, part, ":"); print part[n] }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
  )
  # Instances that start at this moment do not listen yet; other users' are readable too.
  for file in "$registry"/.*/base /tmp/vitess-beam-*/.*/base; do
    if { read -r port <"$file"; } 2>/dev/null; then
      { read -r size <"${file%base}block"; } 2>/dev/null || size=8
      for ((i = 0; i < size; i++)); do taken[$((port + i))]=1; done
    fi
  done
  for _ in {1..200}; do
    base=$((PORT_FIRST + PORT_BLOCK * (SRANDOM % ((PORT_LAST - PORT_FIRST) / PORT_BLOCK))))
    for ((i = 0; i < PORT_BLOCK; i++)); do
      [[ -z ${taken[$((base + i))]:-} ]] || continue 2
    done
    printf '%s\n' "$base"
    return
  done
  die 1 "found no $PORT_BLOCK free ports in a row between $PORT_FIRST and $PORT_LAST"
}
