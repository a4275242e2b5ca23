terraform {
  required_version = ">= 1.11.4, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # The state lies in a Secret of the cluster, locked by a Lease. In a pod, KUBE_IN_CLUSTER_CONFIG=true says how to get there;
  # elsewhere KUBE_CONFIG_PATH does. Both values can be set otherwise with -backend-config.
  backend "kubernetes" {
    secret_suffix = "holdfast-storage"
    namespace     = "holdfast"
  }
}

# Region, credentials, endpoint and CA come from the environment (AWS_REGION, AWS_ENDPOINT_URL, AWS_CA_BUNDLE and, in a pod,
# what EKS Pod Identity puts there). No credential is ever a variable, so none gets into the state.
provider "aws" {
  s3_use_path_style = var.s3_use_path_style

  default_tags {
    tags = var.tags
  }
}
