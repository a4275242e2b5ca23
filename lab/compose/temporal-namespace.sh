#!/bin/sh
# Makes Temporal's namespace `default` and the search attributes of a pipeline, as far as they are not there. TEMPORAL_ADDRESS says
# where Temporal is.
set -eu

if ! temporal operator namespace describe --namespace default > /dev/null 2>&1; then
  temporal operator namespace create --namespace default --retention 72h
fi

# The server reads anew which namespaces there are every few seconds, and refuses attributes for one that it has not read of.
tries=60
until temporal operator search-attribute list --namespace default > /dev/null 2>&1; do
  tries=$((tries - 1))
  if [ "$tries" -eq 0 ]; then
    echo "Temporal does not know its namespace 'default' after 60 tries: docker compose logs temporal" >&2
    exit 1
  fi
  sleep 1
done

# The same as in src/domain/search-attributes.ts: a test compares them. What is there with this type is left alone.
temporal operator search-attribute create --namespace default \
  --name HoldfastDatabase --type Keyword \
  --name HoldfastStep --type Keyword \
  --name HoldfastOutcome --type Keyword \
  --name HoldfastBackupId --type Keyword \
  --name HoldfastBytes --type Int \
  --name HoldfastProven --type Bool \
  --name HoldfastProvenAt --type Datetime
