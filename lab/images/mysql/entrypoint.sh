#!/bin/bash
# Starts mysqld; at the first start it makes the data directory with the root account. Settings:
#   MYSQL_ROOT_PASSWORD_FILE or MYSQL_ROOT_PASSWORD  root's password (needed at the first start only)
#   MYSQL_ROOT_HOST                                  from where root may connect (default %; empty: localhost only)
#   /etc/mysql/conf.d/*.cnf                          drop-ins;  arguments go to mysqld
set -euo pipefail

volume=/var/lib/mysql

fail() {
  echo "docker-entrypoint: $*" >&2
  exit 1
}

# The password as the inside of an SQL string.
quoted_password() {
  local password
  if [[ -n ${MYSQL_ROOT_PASSWORD_FILE:-} ]]; then
    [[ -r $MYSQL_ROOT_PASSWORD_FILE ]] || fail "cannot read MYSQL_ROOT_PASSWORD_FILE $MYSQL_ROOT_PASSWORD_FILE: mount the Secret there"
    password=$(<"$MYSQL_ROOT_PASSWORD_FILE")
  else
    password=${MYSQL_ROOT_PASSWORD:-}
  fi
  [[ -n $password ]] || fail 'no root password: set MYSQL_ROOT_PASSWORD_FILE to a file that holds one'
  [[ $password != *$'\n'* ]] || fail 'the root password has more than one line'
  password=${password//\\/\\\\}
  printf '%s' "${password//\'/\\\'}"
}

accounts_sql() {
  local password host=${MYSQL_ROOT_HOST-%}
  [[ $host != *[\'\\]* ]] || fail "MYSQL_ROOT_HOST must not hold quotes or backslashes: $host"
  password=$(quoted_password)
  echo "ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';"
  if [[ -n $host && $host != localhost ]]; then
    echo "CREATE USER 'root'@'$host' IDENTIFIED BY '$password';"
    echo "GRANT ALL ON *.* TO 'root'@'$host' WITH GRANT OPTION;"
  fi
}

# The data directory is made under another name and renamed when it is whole: a container that is killed in the middle of its
# first start leaves nothing that the next one could take for a database.
initialise() {
  local making=$volume/initialising accounts=/dev/shm/accounts.sql child=
  echo 'docker-entrypoint: first start, making the data directory' >&2
  rm -rf "$making"
  (umask 077 && : >"$accounts")
  trap 'rm -f "$accounts"' EXIT
  accounts_sql >"$accounts"
  # bash as process 1 heeds no signal that it has no trap for, and Kubernetes would wait for its whole grace period.
  trap '[[ -z $child ]] || kill -KILL "$child"; exit 143' TERM INT
  mysqld "$@" --initialize-insecure --datadir="$making" --init-file="$accounts" &
  child=$!
  wait "$child" || fail 'mysqld could not make the data directory; its reasons stand above'
  trap - TERM INT EXIT
  rm -f "$accounts"
  mv -T "$making" "$volume/data"
}

[[ ${1:-} == -* || $# -eq 0 ]] && set -- mysqld "$@"
[[ $1 == mysqld ]] || exec "$@"
shift

[[ -w $volume ]] || fail "$volume is not writable for uid $(id -u): give the volume to it (fsGroup: $(id -g))"
# A pod that is replaced may still be ending. The lock goes with the process that it was opened for, mysqld included.
exec {lock}>"$volume/lock"
flock --timeout 120 "$lock" || fail "another server has had $volume for two minutes: it must end first"
rm -rf "$volume/tmp"
mkdir -p "$volume/tmp"
[[ -d $volume/data ]] || initialise "$@"

unset MYSQL_ROOT_PASSWORD
exec mysqld "$@"
