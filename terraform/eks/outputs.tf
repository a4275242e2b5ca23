output "cluster_name" {
  description = "Name of the cluster: cluster_name of terraform/bootstrap, and TF_VAR_cluster_name in manifests/overlays/eks/aws.yaml."
  value       = aws_eks_cluster.cluster.name
}

output "region" {
  description = "AWS region of the cluster."
  value       = data.aws_region.current.name
}

output "registry" {
  description = "Where the images go: <registry>/tools:<tag>, for one."
  value       = trimsuffix(aws_ecr_repository.image["tools"].repository_url, "/tools")
}
