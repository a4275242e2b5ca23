#!/bin/sh
# Makes the cluster of terraform/eks, and tells kubectl of it.
set -eu
cd "$(dirname "$0")/.."
if [ ! -d terraform/eks ]; then
  echo 'There is no terraform/eks yet, so Holdfast makes no cluster. README.md, "Your own cluster", says what one of yours needs.' >&2
  exit 1
fi
terraform -chdir=terraform/eks init -input=false
terraform -chdir=terraform/eks apply
aws eks update-kubeconfig --name "$(terraform -chdir=terraform/eks output -raw cluster_name)"
