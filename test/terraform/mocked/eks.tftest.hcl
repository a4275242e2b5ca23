# terraform/eks without AWS: what would be asked for, and what is refused before anything is.
mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/role" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
  }

  mock_resource "aws_ecr_repository" {
    defaults = { repository_url = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/holdfast/tools" }
  }
}

variables {
  api_access_cidrs = ["203.0.113.7/32"]
}

run "cluster" {
  assert {
    condition     = one(aws_eks_cluster.cluster.compute_config).enabled && one(one(aws_eks_cluster.cluster.storage_config).block_storage).enabled && one(one(aws_eks_cluster.cluster.kubernetes_network_config).elastic_load_balancing).enabled
    error_message = "EKS takes Auto Mode with all three of its parts, or refuses it."
  }

  assert {
    condition     = one(aws_eks_cluster.cluster.vpc_config).endpoint_public_access && one(aws_eks_cluster.cluster.vpc_config).public_access_cidrs == toset(["203.0.113.7/32"])
    error_message = "The API is to be reached from the addresses named, and no others."
  }

  assert {
    condition     = one(aws_eks_cluster.cluster.encryption_config).resources == toset(["secrets"])
    error_message = "Secrets are to be encrypted."
  }

  assert {
    condition     = [for subnet in aws_subnet.private : subnet.cidr_block] == ["10.42.0.0/20", "10.42.16.0/20"] && aws_subnet.public.cidr_block == "10.42.240.0/20"
    error_message = "Each zone has a network of its own."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.private : subnet.map_public_ip_on_launch != true])
    error_message = "No node is to have an address on the internet."
  }

  assert {
    condition     = toset([for attachment in aws_iam_role_policy_attachment.node : attachment.policy_arn]) == toset(["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly", "arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy"])
    error_message = "Nodes are to have no right besides these."
  }

  assert {
    condition     = output.registry == "123456789012.dkr.ecr.eu-central-1.amazonaws.com/holdfast"
    error_message = "The registry is where the images' repositories are."
  }
}

run "without_an_address" {
  variables {
    api_access_cidrs = []
  }

  assert {
    condition     = !one(aws_eks_cluster.cluster.vpc_config).endpoint_public_access && one(aws_eks_cluster.cluster.vpc_config).endpoint_private_access
    error_message = "Without an address, nobody is to reach the API over the internet."
  }
}

run "refuses_the_whole_internet" {
  command = plan

  variables {
    api_access_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.api_access_cidrs]
}

run "refuses_what_is_no_network" {
  command = plan

  variables {
    api_access_cidrs   = ["203.0.113.7"]
    cluster_name       = "Holdfast"
    kubernetes_version = "v1.34.4"
    vpc_cidr           = "10.42.0.0/24"
  }

  expect_failures = [var.api_access_cidrs, var.cluster_name, var.kubernetes_version, var.vpc_cidr]
}
