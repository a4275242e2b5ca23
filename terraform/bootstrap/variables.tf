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
}

variable "service_account" {
  description = "Service account of the provision Job."
  type        = string
  default     = "holdfast-provision"
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
}

variable "storage_role_name" {
  description = "Name of the role that terraform/storage makes."
  type        = string
  default     = "eks-s3-test"
}

variable "tags" {
  description = "Tags on everything that can have them."
  type        = map(string)
  default     = { "managed-by" = "holdfast" }
}
