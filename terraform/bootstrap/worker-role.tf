# What the worker may do: read which backups there are and what proves them, for the report. The data of a backup, and every change in
# the bucket, is for the Jobs alone, by a role of theirs (terraform/storage).
data "aws_iam_policy_document" "worker" {
  statement {
    sid       = "FindRecords"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
    resources = [local.bucket_arn]
  }

  statement {
    sid       = "ReadRecords"
    actions   = ["s3:GetObject"]
    resources = ["${local.bucket_arn}/catalog/*"]
  }

  dynamic "statement" {
    for_each = var.kms_key_arn[*]

    content {
      sid       = "ReadWhatKeyEncrypts"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role" "worker" {
  name               = var.worker_role_name
  description        = "The worker of Holdfast, by EKS Pod Identity"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "worker" {
  name   = "read-records"
  role   = aws_iam_role.worker.id
  policy = data.aws_iam_policy_document.worker.json
}

resource "aws_eks_pod_identity_association" "worker" {
  cluster_name    = var.cluster_name
  namespace       = var.namespace
  service_account = var.worker_service_account
  role_arn        = aws_iam_role.worker.arn

  depends_on = [aws_iam_role_policy.worker]
}
