data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  account_id  = data.aws_caller_identity.current.account_id
  bucket_name = coalesce(var.bucket_name, "test-${local.account_id}")
}

# Backups outlive whatever is done to this configuration: Terraform neither empties nor removes the bucket.
resource "aws_s3_bucket" "backups" {
  bucket        = local.bucket_name
  force_destroy = false

  # Parts of uploads that never ended cost money and are in no listing.
  # Said here although the provider would rather have a resource of its own for it (it prints a deprecation warning): that
  # resource looks ten times, less and less often, whether the rule holds, which makes the first run 50 s longer.
  lifecycle_rule {
    id                                     = "abort-incomplete-uploads"
    enabled                                = true
    abort_incomplete_multipart_upload_days = 1
  }

  # The data, and never the records and proofs under catalog/: those are small, and read by every listing.
  dynamic "lifecycle_rule" {
    for_each = var.cheaper_storage_days == null ? [] : ["backup1/", "backup2/"]

    content {
      id      = "cheaper-storage-${trimsuffix(lifecycle_rule.value, "/")}"
      enabled = true
      prefix  = lifecycle_rule.value

      transition {
        days          = var.cheaper_storage_days
        storage_class = var.cheaper_storage_class
      }
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.hidden_version_days[*]

    content {
      id      = "remove-hidden-versions"
      enabled = true

      noncurrent_version_expiration {
        days = lifecycle_rule.value
      }

      # What a deletion leaves when the versions that it has hidden are gone.
      expiration {
        expired_object_delete_marker = true
      }
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "backups" {
  bucket = aws_s3_bucket.backups.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "backups" {
  bucket                  = aws_s3_bucket.backups.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "backups" {
  bucket = aws_s3_bucket.backups.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }

    # One key of KMS's for many objects: a request to KMS for each would cost more than what it protects.
    bucket_key_enabled = var.kms_key_arn == null ? null : true
  }
}

# For whatever is put, without its being asked for. S3 takes it for a bucket that is there and has versions; it can be changed later,
# and the retention of what is put from then on taken away, but Object Lock itself not.
resource "aws_s3_bucket_object_lock_configuration" "backups" {
  count = var.object_lock_days == null ? 0 : 1

  bucket = aws_s3_bucket_versioning.backups.bucket

  rule {
    default_retention {
      mode = var.object_lock_mode
      days = var.object_lock_days
    }
  }
}
