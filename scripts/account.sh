#!/bin/sh
# Prints the AWS account of whoever asks.
set -eu
cd "$(dirname "$0")/.."
. scripts/just/assert-cluster.sh

# In the lab that is its administrator, whatever profile the shell has.
if [ "$HOLDFAST_CLUSTER" = lab ]; then unset AWS_PROFILE; fi
if ! command -v aws > /dev/null; then
  echo "AWS's command line is missing: https://docs.aws.amazon.com/cli/ says how to install it." >&2
  exit 1
fi
if ! aws sts get-caller-identity --query Account --output text; then
  echo 'AWS does not know you: set AWS_PROFILE and AWS_REGION in .env (see .env.example), and log in: just -c aws sso login' >&2
  exit 1
fi
