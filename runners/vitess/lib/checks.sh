# shellcheck shell=bash
# What the selftests are made of. Sourced by them after common.sh; all they start is in a registry of their own.

scratch=$(mktemp -d /tmp/vitess-beam-selftest.XXXXXX)
chmod 0755 "$scratch"
export VITESS_BEAM_RUN=$scratch/run
unset VITESS_BEAM_VITESS
parents=()
# shellcheck disable=SC2317,SC2329 # called by the trap
clean_up() {
  "$here/down" --all 2>/dev/null
  ((${#parents[@]} == 0)) || kill -KILL "${parents[@]}" 2>/dev/null
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

passed=0 failed=0
check() { # WHAT COMMAND…
  local what=$1
  shift
  if "$@"; then
    ((++passed)) && printf 'ok      %s\n' "$what"
  else
    ((++failed)) && printf 'FAILED  %s\n' "$what"
    [[ ! -s $scratch/err ]] || sed 's/^/        /' "$scratch/err"
  fi
}

within() { # SECONDS COMMAND…: it becomes true in time
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < until)) || return 1
    sleep 0.1
  done
}

equals() { [[ $1 == "$2" ]] || { printf '        is: %s\n    wanted: %s\n' "$1" "$2" && return 1; }; }
matches() { [[ $1 =~ $2 ]] || { printf '        is: %s\n    wanted: %s\n' "$1" "$2" && return 1; }; }
fails() { ! "$@"; }
one_line() { (($(wc -l <"$scratch/err") == 1)); }
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",]*\).*/\1/p" "$2" | tail -n 1; }
port() { field mysql_port "$1"; }
run() { "$@" 2>"$scratch/err"; }

# No process names the folder, which is gone, and so is the name.
is_gone() { # NAME FOLDER
  [[ ! -e $2 && ! -L $VITESS_BEAM_RUN/$1 ]] && ! pgrep -f -- "$2/" >/dev/null && ! pgrep -f -- "$2 " >/dev/null
}

new_parent() {
  sleep 600 &
  parent=$!
  parents+=("$parent")
}

finish_checks() {
  printf '%s passed, %s failed\n' "$passed" "$failed"
  ((failed == 0))
}
