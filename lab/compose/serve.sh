#!/bin/sh
# The AWS stand-in in k3s's network: adds the addresses at which pods look for AWS to k3s's node, then serves there.
set -eu

ip address replace 10.95.0.1/32 dev lo
ip address replace 169.254.170.23/32 dev lo

exec python /opt/holdfast/aws/server.py --listen=0.0.0.0:8443 --certificate=/certificates/server.crt \
  --private-key=/certificates/server.key --agent=169.254.170.23:80 --kubeconfig=/kubeconfig/kubeconfig --cluster-name=holdfast-lab \
  --region=eu-central-1 --admin-credentials=/aws/admin-credentials.json
