# terraform/storage without AWS: which settings are refused because a bucket would come out of them that is no use, or costs for
# nothing. What it makes is applied to the stand-in.
mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  cluster_name = "holdfast"
}

run "refuses_what_aws_would" {
  command = plan

  variables {
    cheaper_storage_days  = 29
    cheaper_storage_class = "STANDARD_IA"
    hidden_version_days   = 0
    replica_storage_class = "DEEP_ARCHIVE"
  }

  expect_failures = [var.cheaper_storage_days, var.hidden_version_days, var.replica_storage_class]
}

run "refuses_a_class_from_which_nothing_is_restored_at_once" {
  command = plan

  variables {
    cheaper_storage_days  = 30
    cheaper_storage_class = "GLACIER"
  }

  expect_failures = [var.cheaper_storage_class]
}

run "refuses_to_copy_without_a_role" {
  command = plan

  variables {
    replica_bucket_arn = "arn:aws:s3:::backups-replica"
  }

  expect_failures = [var.replication_role_arn]
}

run "refuses_to_leave_out_what_a_key_encrypts" {
  command = plan

  variables {
    replica_bucket_arn   = "arn:aws:s3:::backups-replica"
    replication_role_arn = "arn:aws:iam::123456789012:role/holdfast-replication"
    kms_key_arn          = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  expect_failures = [var.replica_kms_key_arn]
}

run "copies_what_a_key_encrypts" {
  command = plan

  variables {
    replica_bucket_arn   = "arn:aws:s3:::backups-replica"
    replication_role_arn = "arn:aws:iam::123456789012:role/holdfast-replication"
    kms_key_arn          = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    replica_kms_key_arn  = "arn:aws:kms:eu-west-1:123456789012:key/66666666-7777-8888-9999-000000000000"
  }

  assert {
    condition     = one(one(one(aws_s3_bucket_replication_configuration.backups[0].rule).source_selection_criteria).sse_kms_encrypted_objects).status == "Enabled"
    error_message = "S3 leaves out what a key of KMS encrypts, unless it is told."
  }
}
