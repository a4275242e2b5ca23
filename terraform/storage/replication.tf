# A second copy in another region, made by S3 itself. Bucket and role are terraform/replica's: with this configuration's role nothing
# over there can be changed. Deletions are not replicated, so what is deleted here, by whomever, stays there.
resource "aws_s3_bucket_replication_configuration" "backups" {
  count = var.replica_bucket_arn == null ? 0 : 1

  bucket = aws_s3_bucket_versioning.backups.bucket
  role   = var.replication_role_arn

  rule {
    id     = "replica"
    status = "Enabled"

    # Of everything: a copy without its record would be no backup.
    filter {}

    delete_marker_replication {
      status = "Disabled"
    }

    destination {
      bucket        = var.replica_bucket_arn
      storage_class = var.replica_storage_class

      dynamic "encryption_configuration" {
        for_each = var.replica_kms_key_arn[*]

        content {
          replica_kms_key_id = encryption_configuration.value
        }
      }
    }

    # S3 leaves out what a key of KMS encrypts, unless it is told to take it along.
    dynamic "source_selection_criteria" {
      for_each = var.replica_kms_key_arn[*]

      content {
        sse_kms_encrypted_objects {
          status = "Enabled"
        }
      }
    }
  }
}
