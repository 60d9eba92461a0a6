# shellcheck shell=bash
# Words that every script here uses. To be sourced; needs bash 5.1 and Linux.

SELF=${0##*/}
VITESS_VERSION=${VITESS_VERSION:-v0.23.3}
MYSQL_VERSION=8.0.15

# Vitess refuses to run as root. As root its processes run as this user id.
VITESS_UID=${VITESS_BEAM_UID:-65534}

say() { printf '%s: %s\n' "$SELF" "$*" >&2; }

# die CODE MESSAGE: one line that says what is missing and how to get it.
die() {
  local code=$1
  shift
  say "$*"
  exit "$code"
}

is_root() { ((EUID == 0)); }

# need_value OPTION COUNT: for options that take a value.
need_value() { (($2 > 1)) || die 2 "$1 needs a value"; }

# Root's home is closed to others, and Vitess must read the cache as another user.
cache_dir() {
  if [[ -n ${VITESS_BEAM_CACHE:-} ]]; then
    printf '%s\n' "$VITESS_BEAM_CACHE"
  elif is_root; then
    printf '%s\n' /var/cache/vitess-beam
  else
    printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/vitess-beam"
  fi
}

# Runs a command as the user that Vitess runs as.
as_vitess() {
  if is_root; then
    setpriv --reuid "$VITESS_UID" --regid "$VITESS_UID" --clear-groups -- "$@"
  else
    "$@"
  fi
}

# exec_as_vitess: the same, in the place of this process, so that its pid is the program's.
exec_as_vitess() {
  if is_root; then
    exec setpriv --reuid "$VITESS_UID" --regid "$VITESS_UID" --clear-groups -- "$@"
  else
    exec "$@"
  fi
}

# The start time in clock ticks tells a process from a later one with the same pid; sets REPLY.
# Field 22 of stat; the second field may hold blanks and brackets, so cut behind its end.
started_at() {
  local stat fields
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -ra fields <<<"${stat##*) }"
  # A zombie has ended; only its parent has not asked yet.
  [[ ${fields[0]} != Z ]] || return 1
  REPLY=${fields[19]}
}

# is_alive PID START
is_alive() { started_at "$1" && [[ $REPLY == "$2" ]]; }

# The Go module v0.23.3 is the release v23.0.3.
release_name() {
  local _ major minor
  IFS=. read -r _ major minor <<<"$VITESS_VERSION"
  printf 'v%s.0.%s\n' "$major" "$minor"
}
