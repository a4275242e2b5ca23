# Run once by an administrator of the AWS account, for a second copy of all backups in another region:
#   terraform init && terraform apply -var source_bucket_arn=arn:aws:s3:::<bucket> -var region=<the other region>
# terraform/bootstrap and terraform/storage then take its outputs. The state lies where -backend-config puts it; it holds no secret.
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
  region            = var.region
  s3_use_path_style = var.s3_use_path_style

  default_tags {
    tags = var.tags
  }
}
