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
