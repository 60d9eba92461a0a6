# shellcheck shell=bash
# Ending servers and their data: sourced by mysql/down and postgresql/down, which set KIND.

export VITESS_BEAM_RUN=${VITESS_BEAM_RUN:-/tmp/vitess-beam-$EUID}-$KIND
# shellcheck source=../vitess/lib/common.sh
source "$here/../vitess/lib/common.sh"
# shellcheck source=../vitess/lib/instance.sh
source "$here/../vitess/lib/instance.sh"

main() {
  local name='' all=no chosen running
  while (($#)); do
    if [[ $1 == --*=* ]]; then set -- "${1%%=*}" "${1#*=}" "${@:2}"; fi
    case $1 in
      --name) need_value "$1" $# && name=$2 && shift ;;
      --all) all=yes ;;
      -h | --help)
        printf 'usage: down [--name NAME | --all]\n  without an option: the only one that runs\n'
        exit 0
        ;;
      *) die 2 "unknown option $1 (see --help)" ;;
    esac
    shift
  done
  open_registry
  sweep
  mapfile -t running < <(names)
  if [[ $all == yes ]]; then
    chosen=("${running[@]}")
  elif [[ -n $name ]]; then
    [[ -L $registry/$name ]] || die 1 "there is no $name; running: ${running[*]:-none}"
    chosen=("$name")
  else
    ((${#running[@]} == 1)) || die 2 "say which by --name or --all; running: ${running[*]:-none}"
    chosen=("${running[@]}")
  fi
  for name in "${chosen[@]}"; do
    stop_instance "$name" || true
    [[ ! -L $registry/$name ]] || die 1 "could not end $name"
    say "ended $name"
  done
}
