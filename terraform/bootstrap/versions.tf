# Run once by an administrator of the AWS account, before the first backup:
#   terraform init && terraform apply -var cluster_name=<EKS cluster>
# The cluster needs the add-on eks-pod-identity-agent. The state lies where -backend-config puts it; it holds no secret.
terraform {
  required_version = ">= 1.11.4, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  backend "local" {}
}

provider "aws" {
  default_tags {
    tags = var.tags
  }
}
