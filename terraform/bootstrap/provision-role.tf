data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account_id       = data.aws_caller_identity.current.account_id
  partition        = data.aws_partition.current.partition
  region           = data.aws_region.current.name
  bucket_arn       = "arn:${local.partition}:s3:::${coalesce(var.bucket_name, "test-${local.account_id}")}"
  storage_role_arn = "arn:${local.partition}:iam::${local.account_id}:role/${var.storage_role_name}"
  cluster_arn      = "arn:${local.partition}:eks:${local.region}:${local.account_id}:cluster/${var.cluster_name}"
  association_arns = "arn:${local.partition}:eks:${local.region}:${local.account_id}:podidentityassociation/${var.cluster_name}/*"
}

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

# What terraform/storage does, and no more: it sets up one bucket and cannot delete it or see an object in it; it sets up one
# role and hands it to pods of one cluster.
data "aws_iam_policy_document" "provision" {
  statement {
    sid = "SetUpBucket"
    actions = [
      "s3:CreateBucket",
      "s3:GetAccelerateConfiguration",
      "s3:GetBucketAcl",
      "s3:GetBucketCORS",
      "s3:GetBucketLocation",
      "s3:GetBucketLogging",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketPolicy",
      "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketRequestPayment",
      "s3:GetBucketTagging",
      "s3:GetBucketVersioning",
      "s3:GetBucketWebsite",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
      "s3:PutBucketObjectLockConfiguration",
      "s3:PutBucketPublicAccessBlock",
      "s3:PutBucketTagging",
      "s3:PutBucketVersioning",
      "s3:PutEncryptionConfiguration",
      "s3:PutLifecycleConfiguration",
    ]
    resources = [local.bucket_arn]
  }

  statement {
    sid = "SetUpRole"
    actions = [
      "iam:CreateRole",
      "iam:DeleteRole",
      "iam:DeleteRolePolicy",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
      "iam:PutRolePolicy",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRole",
      "iam:UpdateRoleDescription",
    ]
    resources = [local.storage_role_arn]
  }

  statement {
    sid       = "HandRoleToPods"
    actions   = ["iam:PassRole"]
    resources = [local.storage_role_arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["pods.eks.amazonaws.com"]
    }
  }

  dynamic "statement" {
    for_each = var.replication_role_arn[*]

    content {
      sid       = "SetUpReplication"
      actions   = ["s3:PutReplicationConfiguration"]
      resources = [local.bucket_arn]
    }
  }

  dynamic "statement" {
    for_each = var.replication_role_arn[*]

    content {
      sid       = "HandReplicationRoleToS3"
      actions   = ["iam:PassRole"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "iam:PassedToService"
        values   = ["s3.amazonaws.com"]
      }
    }
  }

  statement {
    sid = "AddAssociations"
    actions = [
      "eks:CreatePodIdentityAssociation",
      "eks:ListPodIdentityAssociations",
    ]
    resources = [local.cluster_arn]
  }

  statement {
    sid = "LookAfterAssociations"
    actions = [
      "eks:DeletePodIdentityAssociation",
      "eks:DescribePodIdentityAssociation",
      "eks:ListTagsForResource",
      "eks:TagResource",
      "eks:UntagResource",
      "eks:UpdatePodIdentityAssociation",
    ]
    resources = [local.association_arns]
  }
}

resource "aws_iam_role" "provision" {
  name               = var.provision_role_name
  description        = "The provision Job of Holdfast, by EKS Pod Identity"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "provision" {
  name   = "terraform-storage"
  role   = aws_iam_role.provision.id
  policy = data.aws_iam_policy_document.provision.json
}

resource "aws_eks_pod_identity_association" "provision" {
  cluster_name    = var.cluster_name
  namespace       = var.namespace
  service_account = var.service_account
  role_arn        = aws_iam_role.provision.arn

  depends_on = [aws_iam_role_policy.provision]
}
