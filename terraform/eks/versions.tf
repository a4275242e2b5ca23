# A cluster to try Holdfast on: EKS in Auto Mode, in a network of its own, with repositories for the images. `just setup-eks` applies
# it. What it costs, and how it is removed, is in docs/install-eks.md. Who has a cluster already needs nothing of this.
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
