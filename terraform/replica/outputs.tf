output "bucket_arn" {
  description = "ARN of the bucket of the copies: replica_bucket_arn of terraform/storage."
  # Not before it can be replicated to.
  value      = aws_s3_bucket.replica.arn
  depends_on = [aws_s3_bucket_versioning.replica]
}

output "replication_role_arn" {
  description = "ARN of the role by which S3 copies: replication_role_arn of terraform/bootstrap and terraform/storage."
  value       = aws_iam_role.replication.arn
}
