#!/bin/sh
# Applies terraform/bootstrap as the administrator of the AWS stand-in, whose key it reads. The image has the provider.
set -eu

of_administrator() {
  FIELD="$1" node --print 'JSON.parse(require("node:fs").readFileSync("/aws/admin-credentials.json", "utf8"))[process.env.FIELD]'
}

AWS_ACCESS_KEY_ID="$(of_administrator accessKeyId)"
AWS_SECRET_ACCESS_KEY="$(of_administrator secretAccessKey)"
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY

terraform -chdir=/bootstrap init -no-color -input=false -lockfile=readonly -reconfigure \
  -plugin-dir=/opt/holdfast/terraform/plugins -backend-config=path=/aws/bootstrap.tfstate
terraform -chdir=/bootstrap apply -no-color -input=false -auto-approve
