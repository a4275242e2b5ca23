# What is meant for the lab must not reach another cluster, which the shell may know, because the lab is down.
if [ "$HOLDFAST_CLUSTER" = lab ] && [ -z "${HOLDFAST_LAB_VARIABLES:-}" ]; then
  echo 'The lab is not up: just lab-up, or just s3-test, which makes a backup as well.' >&2
  exit 1
fi
