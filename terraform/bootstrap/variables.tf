variable "cluster_name" {
  description = "Name of the EKS cluster that Holdfast runs on."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$", var.cluster_name))
    error_message = "cluster_name must be the name of an EKS cluster: 1 to 100 letters, digits, - and _, a letter or digit first."
  }
}

variable "namespace" {
  description = "Namespace of the provision Job."
  type        = string
  default     = "holdfast"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "namespace must be a Kubernetes name: 1 to 63 lower case letters, digits and -."
  }
}

variable "service_account" {
  description = "Service account of the provision Job."
  type        = string
  default     = "holdfast-provision"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,251}[a-z0-9])?$", var.service_account))
    error_message = "service_account must be a Kubernetes name: lower case letters, digits and -."
  }
}

variable "provision_role_name" {
  description = "Name of the role that the provision Job gets. A second tenant of a cluster has one of its own."
  type        = string
  default     = "holdfast-provision"

  validation {
    condition     = can(regex("^[0-9A-Za-z+=,.@_-]{1,64}$", var.provision_role_name))
    error_message = "provision_role_name must be the name of an IAM role: 1 to 64 letters, digits and any of + = , . @ _ -"
  }
}

variable "bucket_name" {
  description = "Name of the bucket that terraform/storage makes. Left out, it is test-<account id>, as there."
  type        = string
  default     = null

  validation {
    condition     = var.bucket_name == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 63 lower case letters, digits and -, a letter or digit first and last."
  }
}

variable "storage_role_name" {
  description = "Name of the role that terraform/storage makes."
  type        = string
  default     = "eks-s3-test"

  validation {
    condition     = can(regex("^[0-9A-Za-z+=,.@_-]{1,64}$", var.storage_role_name))
    error_message = "storage_role_name must be the name of an IAM role: 1 to 64 letters, digits and any of + = , . @ _ -"
  }
}

variable "worker_service_account" {
  description = "Service account of the worker, in the same namespace."
  type        = string
  default     = "holdfast-worker"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,251}[a-z0-9])?$", var.worker_service_account))
    error_message = "worker_service_account must be a Kubernetes name: lower case letters, digits and -."
  }
}

variable "worker_role_name" {
  description = "Name of the role that the worker gets. A second tenant of a cluster has one of its own."
  type        = string
  default     = "holdfast-worker"

  validation {
    condition     = can(regex("^[0-9A-Za-z+=,.@_-]{1,64}$", var.worker_role_name))
    error_message = "worker_role_name must be the name of an IAM role: 1 to 64 letters, digits and any of + = , . @ _ -"
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the bucket, where terraform/storage is given one: the worker reads records."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>."
  }
}

variable "replication_role_arn" {
  description = "ARN of the role by which S3 copies to another region, where terraform/storage is given one (terraform/replica makes it): the provision Job hands it to S3."
  type        = string
  default     = null

  validation {
    condition     = var.replication_role_arn == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/.+$", var.replication_role_arn))
    error_message = "replication_role_arn must be the ARN of a role, arn:aws:iam::<account>:role/<name>."
  }
}

variable "tags" {
  description = "Tags on everything that can have them."
  type        = map(string)
  default     = { "managed-by" = "holdfast" }
}
