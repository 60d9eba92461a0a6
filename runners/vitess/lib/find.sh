# shellcheck shell=bash
# Where the programs come from: the PATH, the cache, Docker, or install. Source common.sh first.

DOCKER_IMAGE=${VITESS_BEAM_IMAGE:-vitess/vttestserver:$(release_name)-mysql80}

# Sets $source to path, cache or docker, and for the first two $bin, $config and $mysql_root.
find_programs() { # NO_INSTALL
  if on_path || in_cache; then return; fi
  if has_docker; then
    source=docker
    return
  fi
  if [[ $1 == yes ]]; then
    die 3 "there is no Vitess here: run $here/install (needs Go and Maven), or start Docker, or set VITESS_BEAM_VITESS=vitess://host:port/keyspace?grpc_port=port"
  fi
  "$here/install" >/dev/null || die 1 "there is no Vitess here, and installing it failed (see above); Docker would do as well"
  in_cache || die 1 "install left no programs in $(cache_dir)"
}

on_path() {
  local program
  for program in vttestserver vtcombo mysqlctl mysqld; do
    command -v "$program" >/dev/null || return 1
  done
  bin=$(dirname "$(command -v vttestserver)")
  [[ -x $bin/vtcombo && -x $bin/mysqlctl ]] || return 1
  for config in "${VTROOT:-/nonexistent}/config" "$bin/../config" "$(cache_dir)/vitess-$VITESS_VERSION/config"; do
    if [[ -f $config/init_db.sql ]]; then break; fi
  done
  [[ -f $config/init_db.sql ]] || return 1
  mysql_root=$(dirname "$(dirname "$(readlink -f "$(command -v mysqld)")")")
  source=path
}

in_cache() {
  local vitess
  vitess=$(cache_dir)/vitess-$VITESS_VERSION
  mysql_root=$(cache_dir)/mysql-$MYSQL_VERSION
  bin=$vitess/bin config=$vitess/config source=cache
  # These two files are the last that install writes.
  [[ -f $vitess/pins && -f $mysql_root/sha256 ]]
}

has_docker() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }

check_programs() {
  as_vitess test -x "$bin/vtcombo" -a -x "$mysql_root/bin/mysqld" -a -r "$config/init_db.sql" ||
    as_vitess test -x "$bin/vtcombo" -a -x "$mysql_root/sbin/mysqld" -a -r "$config/init_db.sql" ||
    die 1 "user $VITESS_UID, whom Vitess runs as, cannot run $bin/vtcombo or $mysql_root/bin/mysqld: open those folders to it or set VITESS_BEAM_CACHE"
}
