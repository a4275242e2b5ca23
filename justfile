# The words of the demo that Holdfast grew from, and the project's own tasks. `just` lists them; docs/just.md says more.

# dotenv-command came with 1.54, this setting with 1.55.
set minimum-version := '1.55.0'

# The environment: `.env`, and where HOLDFAST_CLUSTER is `lab`, which it is unless `.env` or the shell says otherwise, the lab's.
set dotenv-command := 'sh scripts/just-environment.sh'
set dotenv-override
set positional-arguments
# Without its start-up file, which bash reads where its input is a socket, and which may not bear `-u`.
set shell := ['bash', '--norc', '-euo', 'pipefail', '-c']

export JUST_PROGRAM := just_executable()

# What `s3-restore` restores, into the schema of this name with `_restored`
schema := 'sbtest'

[private]
default:
    @"$JUST_PROGRAM" --list

# The pipeline: a database is backed up to S3, copied there, restored and compared. Then the debug pod
[group('s3')]
s3-test *arguments:
    npm run -s demo -- --cluster "$HOLDFAST_CLUSTER" --restore-suffix _proof "$@"
    @"$JUST_PROGRAM" s3-debug

# The latest proven backup into sbtest_restored. `--overwrite` exchanges what an earlier one has restored there
[group('s3')]
s3-restore *arguments:
    @bucket="$("$JUST_PROGRAM" _bucket)" && HOLDFAST_BUCKET="$bucket" SCHEMA={{ quote(schema) }} scripts/s3-restore.sh "$@"

# Removes what was made in Kubernetes, MySQL with its data among it. The bucket stays
[group('s3')]
s3-cleanup *arguments:
    npm run -s demo -- --cluster "$HOLDFAST_CLUSTER" --cleanup "$@"
    @"$JUST_PROGRAM" _s3-debug-remove

# The debug pod: a shell with the bucket at /mnt/s3, read-only
[group('s3')]
s3-debug:
    @bucket="$("$JUST_PROGRAM" _bucket)" && HOLDFAST_BUCKET="$bucket" node_modules/.bin/node scripts/debug-pod.ts apply

_s3-debug-remove:
    @node_modules/.bin/node scripts/debug-pod.ts remove

# A cluster on EKS to try this on, by terraform/eks
[group('s3')]
setup-eks:
    @scripts/setup-eks.sh

# `holdfast`, and a worker beside it for as long as it runs
_with-worker *arguments:
    @node_modules/.bin/node scripts/with-worker.ts "$@"

# The AWS account
_account:
    @scripts/account.sh

# The bucket, as terraform/storage names it where nobody says otherwise
_bucket:
    @bucket="${HOLDFAST_BUCKET:-test-$("$JUST_PROGRAM" _account)}" && echo "$bucket"

# Backs a database up, restores it, compares
[group('project')]
demo *arguments:
    npm run -s demo -- --cluster "$HOLDFAST_CLUSTER" "$@"

# `holdfast` by itself: just holdfast backups list
[group('project')]
holdfast *arguments:
    @npm run -s holdfast -- "$@"

# A worker, until Ctrl-C
[group('project')]
worker:
    npm run -s worker

# Brings the lab up: Kubernetes, Temporal and an AWS stand-in on this machine
[group('lab')]
lab-up:
    npm run -s lab -- up

# How each part of the lab is
[group('lab')]
lab-status:
    npm run -s lab -- status

# Stops the lab; what it stored stays
[group('lab')]
lab-down:
    npm run -s lab -- down

# Stops the lab and removes all that it stored
[group('lab')]
lab-reset:
    npm run -s lab -- reset

# All tests, or those named. They bring the lab up themselves, and know nothing of the environment of the other recipes
[group('project')]
test *arguments:
    unset ${HOLDFAST_LAB_VARIABLES:-} && npm test -- "$@"

# Types, formatter, linter
[group('project')]
check:
    npm run -s check

# Has formatter and linter mend what they can
[group('project')]
format:
    npm run -s format
