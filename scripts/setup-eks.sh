#!/bin/sh
# Makes the cluster of terraform/eks, tells kubectl of it, and gives it a default StorageClass. Terraform asks before it makes anything.
# What it costs and how it is removed: docs/install-eks.md.
set -eu
cd "$(dirname "$0")/.."

for program in terraform aws kubectl; do
  if ! command -v "$program" > /dev/null; then
    echo "$program is missing: docs/install-eks.md says what is needed." >&2
    exit 1
  fi
done
if [ -z "${TF_VAR_api_access_cidrs:-}" ]; then
  echo "Say from where Kubernetes' API may be reached: TF_VAR_api_access_cidrs='[\"203.0.113.7/32\"]' with your own address, in the shell or in .env." >&2
  exit 1
fi

terraform -chdir=terraform/eks init -input=false
terraform -chdir=terraform/eks apply
output() { terraform -chdir=terraform/eks output -raw "$1"; }

cluster="$(output cluster_name)"
region="$(output region)"
registry="$(output registry)"
aws eks update-kubeconfig --region "$region" --name "$cluster"
kubectl apply --filename manifests/storage/eks-auto-mode.yaml
echo "The cluster $cluster is there, and costs by the hour. Images go to $registry. Next: docs/install-eks.md, step 3."
