variable "cluster_name" {
  description = "Name of the EKS cluster whose pods reach the bucket."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$", var.cluster_name))
    error_message = "cluster_name must be the name of an EKS cluster: 1 to 100 letters, digits, - and _, a letter or digit first."
  }
}

variable "bucket_name" {
  description = "Name of the bucket for backups. Left out, it is test-<account id>."
  type        = string
  default     = null

  validation {
    condition     = var.bucket_name == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 63 lower case letters, digits and -, a letter or digit first and last. (Dots would break TLS to the bucket.)"
  }
}

variable "object_lock_days" {
  description = "For how many days S3 keeps each version of an object from being deleted, from the moment at which it is put (Object Lock). Left out, nothing is locked. What is locked stays locked, whatever is set later."
  type        = number
  default     = null

  validation {
    condition     = var.object_lock_days == null || try(var.object_lock_days >= 1 && var.object_lock_days <= 36500 && floor(var.object_lock_days) == var.object_lock_days, false)
    error_message = "object_lock_days must be a whole number of days, 1 to 36500."
  }
}

variable "object_lock_mode" {
  description = "GOVERNANCE: who has s3:BypassGovernanceRetention may delete what is locked, or shorten its time. COMPLIANCE: nobody may, nor can the account be closed."
  type        = string
  default     = "GOVERNANCE"

  validation {
    condition     = contains(["GOVERNANCE", "COMPLIANCE"], var.object_lock_mode)
    error_message = "object_lock_mode must be GOVERNANCE or COMPLIANCE."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key, of the bucket's region, with which S3 encrypts objects. Left out, it does so with a key of its own (SSE-S3)."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>. (The role is allowed that key, and an alias may come to mean another.)"
  }
}

variable "cheaper_storage_days" {
  description = "After how many days S3 moves the data of a backup to a cheaper storage class. Left out, it stays where it is. Records and proofs always do."
  type        = number
  default     = null

  validation {
    condition     = var.cheaper_storage_days == null || try(var.cheaper_storage_days >= 0 && floor(var.cheaper_storage_days) == var.cheaper_storage_days, false)
    error_message = "cheaper_storage_days must be a whole number of days."
  }

  validation {
    condition     = var.cheaper_storage_days == null || var.cheaper_storage_class != "STANDARD_IA" || try(var.cheaper_storage_days >= 30, true)
    error_message = "cheaper_storage_days must be 30 at least with STANDARD_IA: S3 moves nothing there sooner."
  }
}

variable "cheaper_storage_class" {
  description = "Which storage class that is. From all three a backup can be restored at once; those from which it would first have to be brought back are not allowed."
  type        = string
  default     = "GLACIER_IR"

  validation {
    condition     = contains(["GLACIER_IR", "INTELLIGENT_TIERING", "STANDARD_IA"], var.cheaper_storage_class)
    error_message = "cheaper_storage_class must be GLACIER_IR, INTELLIGENT_TIERING or STANDARD_IA."
  }
}

variable "hidden_version_days" {
  description = "After how many days S3 removes versions that a deletion or another version has hidden. Left out, they stay for ever, and cost. What is locked is removed when its lock is over."
  type        = number
  default     = null

  validation {
    condition     = var.hidden_version_days == null || try(var.hidden_version_days >= 1 && floor(var.hidden_version_days) == var.hidden_version_days, false)
    error_message = "hidden_version_days must be a whole number of days, 1 at least."
  }
}

variable "replica_bucket_arn" {
  description = "ARN of the bucket to which S3 copies everything, as terraform/replica gives it. Left out, nothing is copied."
  type        = string
  default     = null

  validation {
    condition     = var.replica_bucket_arn == null || can(regex("^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.replica_bucket_arn))
    error_message = "replica_bucket_arn must be the ARN of a bucket, arn:aws:s3:::<name>."
  }
}

variable "replication_role_arn" {
  description = "ARN of the role by which S3 copies, as terraform/replica gives it. Needed with replica_bucket_arn."
  type        = string
  default     = null

  validation {
    condition     = (var.replication_role_arn == null) == (var.replica_bucket_arn == null)
    error_message = "replication_role_arn must be set with replica_bucket_arn, and not without it."
  }

  validation {
    condition     = var.replication_role_arn == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/.+$", var.replication_role_arn))
    error_message = "replication_role_arn must be the ARN of a role, arn:aws:iam::<account>:role/<name>."
  }
}

variable "replica_kms_key_arn" {
  description = "ARN of the KMS key, of the other bucket's region, that encrypts what is copied. Needed with kms_key_arn: without it S3 would leave out all that a key of KMS encrypts here."
  type        = string
  default     = null

  validation {
    condition     = var.replica_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+$", var.replica_kms_key_arn))
    error_message = "replica_kms_key_arn must be the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>."
  }

  validation {
    condition     = var.replica_bucket_arn == null || (var.replica_kms_key_arn == null) == (var.kms_key_arn == null)
    error_message = "replica_kms_key_arn must be set where kms_key_arn is, and not without it."
  }
}

variable "replica_storage_class" {
  description = "Storage class of what is copied: a second copy, read only when the first is lost."
  type        = string
  default     = "GLACIER_IR"

  validation {
    condition     = contains(["GLACIER_IR", "INTELLIGENT_TIERING", "STANDARD", "STANDARD_IA"], var.replica_storage_class)
    error_message = "replica_storage_class must be GLACIER_IR, INTELLIGENT_TIERING, STANDARD or STANDARD_IA."
  }
}

variable "role_name" {
  description = "Name of the IAM role that pods get."
  type        = string
  default     = "eks-s3-test"

  validation {
    condition     = can(regex("^[0-9A-Za-z+=,.@_-]{1,64}$", var.role_name))
    error_message = "role_name must be the name of an IAM role: 1 to 64 letters, digits and any of + = , . @ _ -"
  }
}

variable "service_account" {
  description = "Name of the Kubernetes service account that gets the role, the same in each namespace."
  type        = string
  default     = "s3-access"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,251}[a-z0-9])?$", var.service_account))
    error_message = "service_account must be a Kubernetes name: lower case letters, digits and -."
  }
}

variable "namespaces" {
  description = "Namespaces in which the service account gets the role."
  type        = set(string)
  default     = ["s3-test", "veloxpack"]

  validation {
    condition     = length(var.namespaces) > 0 && alltrue([for name in var.namespaces : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "namespaces must name at least one namespace, each by lower case letters, digits and -."
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
