# What pods may do: everything that a backup needs in this one bucket, and to see the names of the others. No object version
# can be removed with it, so a pod that goes wrong cannot destroy what a bucket with versioning holds.
data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "EksPodIdentity"
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "bucket_access" {
  statement {
    sid       = "SeeBucketNames"
    actions   = ["s3:ListAllMyBuckets"]
    resources = ["*"]
  }

  statement {
    sid = "ListBucket"
    actions = [
      "s3:GetBucketLocation",
      "s3:GetBucketObjectLockConfiguration",
      # With these `holdfast doctor` sees whether the bucket is still as bucket.tf has it.
      "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketVersioning",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:ListBucket",
      "s3:ListBucketMultipartUploads",
      "s3:ListBucketVersions",
    ]
    resources = [aws_s3_bucket.backups.arn]
  }

  statement {
    sid = "ReadAndWriteObjects"
    actions = [
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:GetObject",
      # Without these two, S3 does not tell what locks an object: it would be taken for one that is not.
      "s3:GetObjectLegalHold",
      "s3:GetObjectRetention",
      "s3:GetObjectVersion",
      "s3:ListMultipartUploadParts",
      "s3:PutObject",
    ]
    resources = ["${aws_s3_bucket.backups.arn}/*"]
  }

  dynamic "statement" {
    for_each = var.kms_key_arn[*]

    content {
      sid       = "UseKey"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role" "pods" {
  name               = var.role_name
  description        = "Pods that back up to ${local.bucket_name}, by EKS Pod Identity"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "bucket_access" {
  name   = "bucket-access"
  role   = aws_iam_role.pods.id
  policy = data.aws_iam_policy_document.bucket_access.json
}

resource "aws_eks_pod_identity_association" "pods" {
  for_each = var.namespaces

  cluster_name    = var.cluster_name
  namespace       = each.value
  service_account = var.service_account
  role_arn        = aws_iam_role.pods.arn

  # A pod that starts the moment its association exists shall find the role able to do its work.
  depends_on = [aws_iam_role_policy.bucket_access]
}
