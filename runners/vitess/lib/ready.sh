# shellcheck shell=bash
# Is it really there? A query through vtgate to each shard, in MySQL's protocol, without a client.

# byte N: one byte, also a zero, which no shell variable can hold
byte() { printf '%b' "$(printf '\\x%02x' "$1")"; }

packet() { # SEQUENCE LENGTH, then the payload by the caller
  byte $(($2 & 255)) && byte $(($2 >> 8 & 255)) && byte $(($2 >> 16)) && byte "$1"
}

# The answer to the server's greeting: protocol 4.1, database given, plugin authentication.
hello() { # DATABASE USER TOKEN
  local user=$2 plugin=mysql_native_password
  packet 1 $((32 + ${#user} + 1 + 1 + ${#3} / 2 + ${#1} + 1 + ${#plugin} + 1))
  printf '%b%s%b' '\x09\xa2\x08\x00\x00\x00\x00\x01\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' "$user" '\0'
  byte $((${#3} / 2)) && bytes "$3"
  printf '%s%b%s%b' "$1" '\0' "$plugin" '\0'
}

# bytes HEX…: the bytes that the digits stand for
bytes() { printf '%b' "$(printf '%s' "$@" | sed 's/../\\x&/g')"; }

sha1() { bytes "$@" | sha1sum | cut -d' ' -f1; }

# The 20 bytes in hex that prove a password to mysql_native_password; nothing for an empty password.
token() { # PASSWORD SALT
  local once mixed i
  [[ -n $1 ]] || return 0
  once=$(printf '%s' "$1" | sha1sum | cut -d' ' -f1)
  mixed=$(sha1 "$2" "$(sha1 "$once")")
  for ((i = 0; i < 40; i += 2)); do printf '%02x' $((16#${once:i:2} ^ 16#${mixed:i:2})); done
}

# The 20 bytes in hex that the greeting wants mixed with the password: 8 behind version and thread, 12 later.
salt_of() { # GREETING
  local rest=${1:10}
  while [[ -n $rest && ${rest:0:2} != 00 ]]; do rest=${rest:2}; done
  printf '%s%s' "${rest:10:16}" "${rest:64:24}"
}

# receive: one packet from descriptor 8 as hex digits, header included
receive() {
  local head
  head=$(dd bs=1 count=4 status=none <&8 | od -An -v -tx1 | tr -d ' \n')
  ((${#head} == 8)) || return 1
  printf '%s' "$head"
  dd bs=1 count=$((16#${head:4:2}${head:2:2}${head:0:2})) status=none <&8 | od -An -v -tx1 | tr -d ' \n'
}

# answers HOST PORT DATABASE [QUERY]: connects, as $LOGIN if there is such a user:password, and gets a
# result of one column for a query, within 3 s
answers() {
  export -f byte bytes sha1 packet hello token salt_of receive talk
  LOGIN=${LOGIN:-} timeout 3 bash -c 'talk "$@"' talk "$@" 2>/dev/null
}

# shellcheck disable=SC2317,SC2329 # called by answers
talk() {
  local query=${4:-select 1 from dual} user=root password='' salt reply
  if [[ -n ${LOGIN:-} ]]; then user=${LOGIN%%:*} password=${LOGIN#*:}; fi
  exec 8<>"/dev/tcp/$1/$2" || return 1
  reply=$(receive) && [[ ${reply:8:2} == 0a ]] || return 1
  salt=$(salt_of "$reply")
  hello "$3" "$user" "$(token "$password" "$salt")" >&8
  reply=$(receive) || return 1
  if [[ ${reply:8:2} == fe && -z $password ]]; then # it wants another plugin's answer, which without a password is empty
    packet 3 0 >&8
    reply=$(receive) || return 1
  fi
  [[ ${reply:8:2} == 00 ]] || return 1
  { packet 0 $((${#query} + 1)) && byte 3 && printf '%s' "$query"; } >&8
  # 01: a result of one column; ff: an error, such as a shard without a serving primary
  reply=$(receive) && [[ ${reply:8:2} == 01 ]]
}

# is_ours HOST HTTP_PORT FOLDER: the server on that port was started with this folder
is_ours() { page_has "$1" "$2" /debug/vars "$3"; }

# page_has HOST HTTP_PORT PATH TEXT: the answer to a GET holds the text
page_has() {
  # shellcheck disable=SC2016 # the inner shell expands them
  timeout 3 bash -c '
    exec 8<>"/dev/tcp/$1/$2" &&
      printf "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n" "$3" >&8 &&
      grep -qF -m 1 -e "$4" <&8
  ' page_has "$@" 2>/dev/null
}

# shards_of COUNT: the names that vttestserver gives: 0, or -80 80-, or -40 40-80 80-c0 c0-
shards_of() {
  local count=$1 width i from to
  if ((count == 1)); then
    printf '0\n'
    return
  fi
  width=$((256 / count))
  for ((i = 0; i < count; i++)); do
    from='' to=''
    ((i == 0)) || printf -v from '%02x' $((i * width))
    ((i == count - 1)) || printf -v to '%02x' $(((i + 1) * width))
    printf '%s-%s\n' "$from" "$to"
  done
}
