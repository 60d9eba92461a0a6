# shellcheck shell=bash
# Instances: where they are written down, who owns them, how they end. Source common.sh first.
#
# registry/NAME is a link to the folder of the instance, unique for ever, which holds
#   name, base, host      its name and first port
#   owner                 pid and start time of the process that sees to its end
#   json                  what up printed; present once it is ready
#   exited                present once vttestserver has ended
#   root/, data/          VTROOT and VTDATAROOT
#   container             name of the container, where Docker runs it
#   block                 number of its ports, where that is not the usual one
#   settings, tablets/    of a full cluster, see cluster-up.sh

registry=${VITESS_BEAM_RUN:-/tmp/vitess-beam-$EUID}

open_registry() {
  [[ -d $registry ]] || mkdir -m 0755 "$registry" 2>/dev/null || true
  # In /tmp anybody could have made it.
  [[ -d $registry && ! -L $registry && -O $registry ]] ||
    die 1 "$registry is not a folder of yours: remove it or set VITESS_BEAM_RUN"
  registry=$(cd "$registry" && pwd -P)
}

# with_registry COMMAND…: one at a time. The lock is on a descriptor that no child keeps.
with_registry() {
  local lock status=0
  exec {lock}>"$registry/.lock"
  flock "$lock"
  "$@" || status=$?
  exec {lock}>&-
  return "$status"
}

names() { (cd "$registry" && find . -maxdepth 1 -type l -printf '%P\n' | sort); }

folder_of() { readlink "$registry/$1"; }

# Sets $instance to a new folder registered as NAME; returns 3 if the name is taken.
create_instance() { # NAME PARENT_FOLDER
  [[ ! -L $registry/$1 ]] || return 3
  instance=$(mktemp -d "${2:-$registry}/.$1.XXXXXX")
  chmod 0755 "$instance"
  printf '%s\n' "$1" >"$instance/name"
  own "$instance" $$
  printf '%s\n' "$PORT_BLOCK" >"$instance/block"
  choose_ports >"$instance/base"
  ln -s "$instance" "$registry/$1"
}

own() { # FOLDER PID
  started_at "$2"
  printf '%s %s\n' "$2" "$REPLY" >"$1/owner.new"
  mv "$1/owner.new" "$1/owner"
}

is_owned() { # FOLDER: somebody alive sees to its end
  local pid start
  { read -r pid start <"$1/owner"; } 2>/dev/null && is_alive "$pid" "$start"
}

# Processes of an instance: one of the programs of a server whose command line names its folder.
# Pid files are not enough: some are written late, and a stale one may name a stranger.
processes_of() { # FOLDER
  local proc comm line
  for proc in /proc/[0-9]*; do
    { read -r comm <"$proc/comm"; } 2>/dev/null || continue
    case $comm in
      vttestserver | vtcombo | mysqlctl | mysqld | mysqld_safe | postgres | initdb | setpriv) ;;
      etcd | vtctld | vtctldclient | vttablet | vtgate) ;;
      *) continue ;;
    esac
    line=$(tr '\0' ' ' 2>/dev/null <"$proc/cmdline") || continue
    if [[ $line == *"$1/"* ]]; then printf '%s\n' "${proc#/proc/}"; fi
  done
}

# Ends everything and leaves nothing. May be called by several at once, and again.
destroy() { # FOLDER
  local folder=$1 name pid pids _
  [[ $folder == */.*.?????? && -d $folder ]] || return 0
  name=$(cat "$folder/name" 2>/dev/null) || return 0
  if [[ -f $folder/container ]]; then
    docker rm -f "$(<"$folder/container")" >/dev/null 2>&1 || true
  fi
  # The data is thrown away, so there is no one to ask politely. mysqlctl may start a mysqld
  # between two looks: look until nothing is left.
  for _ in {1..100}; do
    mapfile -t pids < <(processes_of "$folder")
    ((${#pids[@]})) || break
    for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    sleep 0.05
  done
  rm -rf "$folder" 2>/dev/null || rm -rf "$folder" 2>/dev/null || true
  with_registry forget "$name" "$folder"
}

forget() { # NAME FOLDER: the name may already be another's
  if [[ $(readlink "$registry/$1") == "$2" ]]; then rm -f "$registry/$1"; fi
}

# Ends the instances whose owner was killed before it could.
sweep() {
  local name folder
  for name in $(names); do
    folder=$(folder_of "$name") || continue
    if [[ ! -d $folder ]]; then
      with_registry forget "$name" "$folder"
    elif ! with_registry is_owned "$folder"; then
      say "sweeping $name, whose owner is gone"
      destroy "$folder"
    fi
  done
}

# Stops an instance by asking its owner, and by force if that takes too long.
stop_instance() { # NAME
  local folder pid start
  folder=$(folder_of "$1") || return 1
  if { read -r pid start <"$folder/owner"; } 2>/dev/null && is_alive "$pid" "$start"; then
    kill -TERM "$pid" 2>/dev/null || true
    for _ in {1..100}; do
      [[ -L $registry/$1 && $(folder_of "$1") == "$folder" ]] || return 0
      sleep 0.05
    done
    kill -KILL "$pid" 2>/dev/null || true
  fi
  destroy "$folder"
}
