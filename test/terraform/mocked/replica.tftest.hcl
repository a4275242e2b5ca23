# terraform/replica without AWS: what is refused before anything is asked for. What it makes is applied to the stand-in.
mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  region            = "eu-west-1"
  source_bucket_arn = "arn:aws:s3:::backups"
  bucket_name       = "backups-replica"
}

run "refuses_what_aws_would" {
  command = plan

  variables {
    region           = "Ireland"
    bucket_name      = "With.Dots"
    role_name        = "a role"
    object_lock_days = 0.5
    object_lock_mode = "governance"
    keep_days        = 0
  }

  expect_failures = [
    var.region, var.bucket_name, var.role_name, var.object_lock_days, var.object_lock_mode, var.keep_days,
  ]
}

run "refuses_the_name_of_a_bucket_for_its_arn" {
  command = plan

  variables {
    source_bucket_arn = "backups"
  }

  expect_failures = [var.source_bucket_arn]
}

run "refuses_to_copy_a_bucket_to_itself" {
  command = plan

  variables {
    bucket_name = "backups"
  }

  expect_failures = [var.bucket_name]
}

run "refuses_to_copy_what_it_could_not_read" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  expect_failures = [var.kms_key_arn]
}
