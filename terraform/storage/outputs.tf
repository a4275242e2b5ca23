output "account_id" {
  description = "Id of the AWS account that holds the bucket."
  value       = local.account_id
}

output "region" {
  description = "AWS region of the bucket."
  value       = data.aws_region.current.name
}

output "bucket" {
  description = "Name of the bucket for backups."
  value       = aws_s3_bucket.backups.id
}

output "bucket_arn" {
  description = "ARN of the bucket for backups."
  value       = aws_s3_bucket.backups.arn
}

output "role_arn" {
  description = "ARN of the role that pods get."
  value       = aws_iam_role.pods.arn
}

output "associations" {
  description = "Which service accounts get the role, as namespace/name, in one line."
  value       = join(" ", sort([for association in aws_eks_pod_identity_association.pods : "${association.namespace}/${association.service_account}"]))
}
