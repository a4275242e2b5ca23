#!/bin/sh
# Restores the latest proven backup into <schema>_restored, for use.
#
# That name may be taken. What a pipeline has restored there to prove a backup is its own, and made anew each night: it is exchanged.
# What was restored there for use may be in use: it is left alone, unless --overwrite is said. Either way, the tables that were there
# are kept beside it (docs/backups.md, "Restoring").
set -eu
cd "$(dirname "$0")/.."
. scripts/just/assert-cluster.sh
namespace=s3-test
target=${SCHEMA}_restored

# What Holdfast's book in MySQL says the schema is for. Nothing where there is none, or no MySQL yet; in doubt nothing, too: a restore
# refuses a schema that exists.
purpose_of() {
  # shellcheck disable=SC2016 # the pod's shell is to read this
  kubectl --namespace "$namespace" exec deploy/mysql -- sh -c '
    MYSQL_PWD=$(cat /run/secrets/mysql/password)
    export MYSQL_PWD
    exec mysql --user=root --default-character-set=utf8mb4 --batch --skip-column-names \
      --execute="SELECT schema_name, purpose FROM holdfast.owned_schemas"
  ' 2> /dev/null | TARGET=$1 awk -F '\t' '$1 == ENVIRON["TARGET"] { print $2 }'
}

says_overwrite() {
  for argument in "$@"; do
    if [ "$argument" = --overwrite ]; then return 0; fi
  done
  return 1
}

purpose=$(purpose_of "$target")
if ! says_overwrite "$@"; then
  case "$purpose" in
    restored)
      echo "$target holds what a pipeline has restored to prove a backup. It is exchanged, and is for use from now on: a pipeline" \
        "that is to prove a backup there will refuse to (just s3-test does it elsewhere)." >&2
      set -- "$@" --overwrite
      ;;
    recovered)
      echo "$target holds what was restored for use before, and was left as it is." \
        'To exchange it, and keep its tables beside it: just s3-restore --overwrite' >&2
      exit 1
      ;;
  esac
fi

exec "$JUST_PROGRAM" _with-worker backups restore --namespace "$namespace" --schema "$SCHEMA=$target" "$@"
