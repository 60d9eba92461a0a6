# shellcheck shell=bash
# Starting one server of one program: sourced by mysql/up and postgresql/up, which name it and give
#   KIND, PROGRAM                 for names and messages
#   find_programs NO_INSTALL      sets what the other functions need
#   prepare                       makes the data in $instance/data
#   server_command                sets the array command
#   is_ready                      whether the server takes connections
#   uri, version                  what is printed
# Options are those of ../vitess/up, as far as they have a meaning here.

# Other kinds of servers keep a registry of their own, so that each down sees its own kind only.
export VITESS_BEAM_RUN=${VITESS_BEAM_RUN:-/tmp/vitess-beam-$EUID}-$KIND
vitess_lib=$here/../vitess/lib
# shellcheck source=../vitess/lib/common.sh
source "$vitess_lib/common.sh"
# shellcheck source=../vitess/lib/instance.sh
source "$vitess_lib/instance.sh"
# shellcheck source=../vitess/lib/ports.sh
source "$vitess_lib/ports.sh"
# shellcheck source=../vitess/lib/ready.sh
source "$vitess_lib/ready.sh"

usage() {
  cat <<USAGE
usage: up [options] [-- flags for $PROGRAM…]
  --database NAME   made when it starts; default: shop
  --name NAME       default: a new name
  --parent PID      end it when this process ends; default: the caller
  --detach          end it only by down
  --dir DIR         where its data goes; default: /tmp
  --json            print the JSON line only
  --no-install      do not get missing programs: exit with 3
  --list            print the JSON lines of those that run
USAGE
}

# The one login that it has; it may do everything.
USER_NAME=beam
PASSWORD=beam
DEADLINE=${VITESS_BEAM_DEADLINE:-90}

# Words that the callers and this file share.
# shellcheck disable=SC2034
database=shop name='' parent_pid=$PPID dir='' only_json=no no_install=no list=no flags=()
instance='' base='' command=()

read_options() {
  while (($#)); do
    if [[ $1 == --*=* ]]; then set -- "${1%%=*}" "${1#*=}" "${@:2}"; fi
    case $1 in
      --database) need_value "$1" $# && database=$2 && shift ;;
      --name) need_value "$1" $# && name=$2 && shift ;;
      --parent) need_value "$1" $# && parent_pid=$2 && shift ;;
      --detach) parent_pid=0 ;;
      --dir) need_value "$1" $# && dir=$2 && shift ;;
      --json) only_json=yes ;;
      --no-install) no_install=yes ;;
      --list) list=yes ;;
      -h | --help) usage && exit 0 ;;
      --) shift && flags=("$@") && break ;;
      *) die 2 "unknown option $1 (see --help)" ;;
    esac
    shift
  done
  [[ $database =~ ^[A-Za-z][A-Za-z0-9_]{0,47}$ ]] || die 2 "'$database' is not a name for a database (letters, digits, _)"
  [[ -z $name || $name =~ ^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$ ]] || die 2 "--name: letters, digits, _ and - only"
  if [[ -n $dir ]]; then
    dir=$(cd "$dir" 2>/dev/null && pwd -P) && [[ -w $dir ]] || die 2 "--dir: not a folder one can write to"
  fi
  [[ $parent_pid =~ ^[0-9]+$ ]] || die 2 "--parent: $parent_pid is not a process id"
  parent=(0 0)
  if ((parent_pid)); then
    started_at "$parent_pid" || die 2 "--parent: there is no process $parent_pid"
    parent=("$parent_pid" "$REPLY")
  fi
}

print_list() {
  for name in $(names); do cat "$(folder_of "$name")/json" 2>/dev/null || true; done
}

new_instance() {
  local wanted=$name status=0
  [[ -n $wanted ]] || printf -v wanted '%s-%08x' "$KIND" "$SRANDOM"
  with_registry create_instance "$wanted" "$dir" || status=$?
  ((status != 3)) || die 2 "$wanted runs already; end it by: $here/down --name $wanted"
  ((status == 0)) || exit 1
  name=$wanted
  base=$(<"$instance/base")
  mkdir -p "$instance/data/tmp"
  if is_root; then chown -R "$VITESS_UID:$VITESS_UID" "$instance/data"; fi
  as_vitess test -w "$instance/data" ||
    die 1 "user $VITESS_UID, whom $PROGRAM runs as, cannot enter $instance: choose another --dir"
}

# shellcheck disable=SC2317,SC2329 # called by the traps
give_up() {
  trap '' INT TERM HUP
  if [[ -n $instance && -d $instance && ! -f $instance/json ]]; then stop_instance "$name" || destroy "$instance"; fi
}

start() {
  local up_start until
  server_command
  started_at $$
  up_start=$REPLY
  # Nothing of this script may stay open in it: who reads our output waits for its end.
  setsid "$vitess_lib/supervise" "$instance" $$ "$up_start" "${parent[@]}" "${command[@]}" \
    </dev/null >/dev/null 2>&1 &
  supervisor=$!
  until=$((SECONDS + DEADLINE))
  while ((SECONDS < until)); do
    if [[ -f $instance/exited ]] || ! started_at "$supervisor"; then
      if grep -qis 'address already in use' "$instance/log"; then return 4; fi
      say "$PROGRAM ended before it was ready"
      return 1
    fi
    if is_ready; then return 0; fi
    sleep 0.1
  done
  say "$PROGRAM is not ready after $DEADLINE s (VITESS_BEAM_DEADLINE sets another limit)"
  return 1
}

main() {
  local status attempt
  read_options "$@"
  open_registry
  sweep
  if [[ $list == yes ]]; then
    print_list
    exit 0
  fi
  find_programs "$no_install"
  SECONDS=0
  trap give_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  for attempt in 1 2 3 4 5; do
    new_instance
    say "starting $name, port $base"
    status=0
    prepare || die 1 "could not make the data of $PROGRAM: $(tail -n 3 "$instance/log" | tr '\n' ' ')"
    start || status=$?
    if ((status == 0)); then break; fi
    if ((status != 4 || attempt == 5)); then
      tail -n 12 "$instance/log" | cut -c 1-400 >&2
      die 1 "could not start $PROGRAM"
    fi
    say "somebody else took this port, trying another"
    stop_instance "$name"
  done
  printf '{"name":"%s","host":"127.0.0.1","port":%s,"database":"%s","user":"%s","password":"%s","uri":"%s","dir":"%s","pid":%s,"version":"%s"}\n' \
    "$name" "$base" "$database" "$USER_NAME" "$PASSWORD" "$(uri)" "$instance" "$supervisor" "$(version)" >"$instance/json.new"
  local json
  json=$(<"$instance/json.new")
  # From here on it is the parent's.
  mv "$instance/json.new" "$instance/json"
  say "$name is ready after $SECONDS s"
  [[ $only_json == yes ]] || uri
  printf '%s\n' "$json"
}
