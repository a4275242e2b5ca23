variable "region" {
  description = "AWS region of the copies: another one than that of the bucket."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the name of an AWS region: eu-west-1."
  }
}

variable "source_bucket_arn" {
  description = "ARN of the bucket that is copied, as terraform/storage names it."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.source_bucket_arn))
    error_message = "source_bucket_arn must be the ARN of a bucket, arn:aws:s3:::<name>."
  }
}

variable "bucket_name" {
  description = "Name of the bucket for the copies."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 63 lower case letters, digits and -, a letter or digit first and last. (Dots would break TLS to the bucket.)"
  }

  validation {
    condition     = !endswith(var.source_bucket_arn, ":${var.bucket_name}")
    error_message = "bucket_name must be another one than that of the bucket that is copied."
  }
}

variable "role_name" {
  description = "Name of the IAM role by which S3 copies."
  type        = string
  default     = "holdfast-replication"

  validation {
    condition     = can(regex("^[0-9A-Za-z+=,.@_-]{1,64}$", var.role_name))
    error_message = "role_name must be the name of an IAM role: 1 to 64 letters, digits and any of + = , . @ _ -"
  }
}

variable "source_kms_key_arn" {
  description = "ARN of the KMS key that encrypts the bucket that is copied, where it has one: kms_key_arn of terraform/storage."
  type        = string
  default     = null

  validation {
    condition     = var.source_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+$", var.source_kms_key_arn))
    error_message = "source_kms_key_arn must be the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key, of the region of the copies, that encrypts them: replica_kms_key_arn of terraform/storage. Needed with source_kms_key_arn."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>."
  }

  validation {
    condition     = (var.kms_key_arn == null) == (var.source_kms_key_arn == null)
    error_message = "kms_key_arn must be set where source_kms_key_arn is, and not without it."
  }
}

variable "object_lock_days" {
  description = "For how many days S3 keeps each copy from being deleted. Needed where the bucket that is copied has Object Lock: S3 copies its objects to no bucket without. It cannot be added to a bucket that is there."
  type        = number
  default     = null

  validation {
    condition     = var.object_lock_days == null || try(var.object_lock_days >= 1 && var.object_lock_days <= 36500 && floor(var.object_lock_days) == var.object_lock_days, false)
    error_message = "object_lock_days must be a whole number of days, 1 to 36500."
  }
}

variable "object_lock_mode" {
  description = "GOVERNANCE: who has s3:BypassGovernanceRetention may delete what is locked. COMPLIANCE: nobody may."
  type        = string
  default     = "GOVERNANCE"

  validation {
    condition     = contains(["GOVERNANCE", "COMPLIANCE"], var.object_lock_mode)
    error_message = "object_lock_mode must be GOVERNANCE or COMPLIANCE."
  }
}

variable "keep_days" {
  description = "After how many days S3 removes a copy. Left out, copies stay for ever: what is pruned in the bucket that is copied is not removed here."
  type        = number
  default     = null

  validation {
    condition     = var.keep_days == null || try(var.keep_days >= 1 && floor(var.keep_days) == var.keep_days, false)
    error_message = "keep_days must be a whole number of days, 1 at least."
  }
}

variable "s3_use_path_style" {
  description = "Address buckets as https://host/bucket, as S3 stand-ins want it. Leave it false on AWS."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags on everything that can have them."
  type        = map(string)
  default     = { "managed-by" = "holdfast" }
}
