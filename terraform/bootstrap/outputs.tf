output "worker_role_arn" {
  description = "ARN of the role that the worker gets."
  value       = aws_iam_role.worker.arn
}

output "provision_role_arn" {
  description = "ARN of the role that the provision Job gets."
  value       = aws_iam_role.provision.arn
}
