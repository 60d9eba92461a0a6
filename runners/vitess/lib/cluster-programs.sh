# shellcheck shell=bash
# The programs of a full cluster beside those of the one-process Vitess. Sourced by install, which owns
# $module, $work, $cluster, publish and patiently, and by cluster.

CLUSTER_PROGRAMS=(vtgate vttablet vtctld vtctldclient)

cluster_pins() {
  cat "$module/cluster.mod" "$module/cluster.sum" "$here/etcd/go.mod" "$here/etcd/go.sum" | sha256sum | cut -d' ' -f1
}

cluster_is_current() { [[ -f $cluster/pins && $(<"$cluster/pins") == "$(cluster_pins)" ]]; }

build_cluster() {
  local tmp=$work/cluster version program wanted
  mkdir -p "$tmp/bin"
  say "building ${CLUSTER_PROGRAMS[*]} and etcd, 1 to 5 minutes if nothing is cached"
  cd "$module" || exit 1
  build_programs "$tmp/bin/" -modfile=cluster.mod "${CLUSTER_PROGRAMS[@]/#/vitess.io/vitess/go/cmd/}"
  cd "$here/etcd" || exit 1
  build_programs "$tmp/bin/etcd" go.etcd.io/etcd/server/v3
  chmod -R u+w,go+rX "$tmp"
  for program in "${CLUSTER_PROGRAMS[@]}"; do
    version=$(as_vitess "$tmp/bin/$program" --version 2>&1) || die 1 "$program does not run: $version"
    [[ $version == *"ersion: $(release_name | tr -d v) "* ]] || die 1 "$program is not $VITESS_VERSION but says: $version"
  done
  wanted=$(awk '$1 == "go.etcd.io/etcd/server/v3" { print $2 }' go.mod)
  version=$(as_vitess "$tmp/bin/etcd" --version 2>&1) || die 1 "etcd does not run: $version"
  [[ $version == *"Version: ${wanted#v}"* ]] || die 1 "etcd is not $wanted but says: $version"
  (cd "$tmp" && find bin -type f -exec sha256sum {} + >sha256)
  cluster_pins >"$tmp/pins"
  publish "$tmp" "$cluster"
  say "the cluster's programs are in $cluster (${SECONDS} s)"
}

build_programs() { # OUTPUT FLAG-OR-PACKAGE…
  local output=$1
  shift
  patiently "building" "$work/build.log" \
    env GOFLAGS= CGO_ENABLED=0 go build -mod=readonly -trimpath -buildvcs=false -ldflags '-s -w' -o "$output" "$@" ||
    die 1 "building ${*: -1} failed: $(tail -n 3 "$work/build.log" | tr '\n' ' ')"
}

# Sets $bin, $tools (where mysqlctl is), $config and $mysql_root.
find_cluster_programs() { # NO_INSTALL
  if cluster_on_path || cluster_in_cache; then return; fi
  [[ $1 == no ]] ||
    die 3 "there is no full Vitess here: run $here/install --cluster (needs Go and Maven), or put etcd, mysqld, mysqlctl, ${CLUSTER_PROGRAMS[*]} on the PATH"
  "$here/install" --cluster >/dev/null || die 1 "installing the programs of a cluster failed (see above)"
  cluster_in_cache || die 1 "install left no programs in $(cache_dir)"
}

cluster_on_path() {
  local program
  for program in etcd "${CLUSTER_PROGRAMS[@]}"; do
    command -v "$program" >/dev/null || return 1
  done
  on_path || return 1
  tools=$bin bin=''
}

cluster_in_cache() {
  in_cache || return 1
  tools=$bin bin=$(cache_dir)/cluster-$VITESS_VERSION/bin
  [[ -f ${bin%/bin}/pins ]]
}
