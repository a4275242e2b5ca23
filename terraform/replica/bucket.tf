# The second copy outlives whatever is done to this configuration. Nothing of Holdfast can change it: S3 writes to it by the role of
# replication.tf, and who needs it reads it as an administrator.
resource "aws_s3_bucket" "replica" {
  bucket              = var.bucket_name
  force_destroy       = false
  object_lock_enabled = var.object_lock_days != null

  lifecycle {
    prevent_destroy = true
  }
}

# Without versions nothing can be replicated to it.
resource "aws_s3_bucket_versioning" "replica" {
  bucket = aws_s3_bucket.replica.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "replica" {
  bucket                  = aws_s3_bucket.replica.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "replica" {
  bucket = aws_s3_bucket.replica.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }

    bucket_key_enabled = var.kms_key_arn == null ? null : true
  }
}

resource "aws_s3_bucket_object_lock_configuration" "replica" {
  count = var.object_lock_days == null ? 0 : 1

  bucket = aws_s3_bucket_versioning.replica.bucket

  rule {
    default_retention {
      mode = var.object_lock_mode
      days = var.object_lock_days
    }
  }
}

# Deletions are not replicated: this alone, where it is set, ever removes anything here.
resource "aws_s3_bucket_lifecycle_configuration" "replica" {
  count = var.keep_days == null ? 0 : 1

  bucket = aws_s3_bucket_versioning.replica.bucket

  rule {
    id     = "end-of-time"
    status = "Enabled"

    filter {}

    expiration {
      days = var.keep_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }
  }
}
