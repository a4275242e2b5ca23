variable "cluster_name" {
  description = "Name of the cluster, and of what is made for it."
  type        = string
  default     = "holdfast"

  validation {
    # The names of repositories and roles begin with it.
    condition     = can(regex("^[a-z][a-z0-9-]{0,39}$", var.cluster_name)) && !endswith(var.cluster_name, "-")
    error_message = "cluster_name must be 1 to 40 lower case letters, digits and -, a letter first and no - last."
  }
}

variable "kubernetes_version" {
  description = "Version of Kubernetes."
  type        = string
  default     = "1.34"

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.kubernetes_version))
    error_message = "kubernetes_version must be a minor version of Kubernetes: 1.34."
  }
}

variable "api_access_cidrs" {
  description = "From where Kubernetes' API is reached over the internet: your own address, as 203.0.113.7/32. Empty, it is reached from the cluster's network alone."
  type        = list(string)

  validation {
    condition     = alltrue([for cidr in var.api_access_cidrs : can(cidrnetmask(cidr))])
    error_message = "api_access_cidrs must be IPv4 networks: 203.0.113.7/32."
  }

  validation {
    condition     = alltrue([for cidr in var.api_access_cidrs : try(tonumber(split("/", cidr)[1]) >= 16, true)])
    error_message = "api_access_cidrs must be of 65,536 addresses at most, /16: the whole internet is not to reach the API."
  }
}

variable "vpc_cidr" {
  description = "The cluster's network. Each of its two zones gets a sixteenth of it."
  type        = string
  default     = "10.42.0.0/16"

  validation {
    condition     = can(cidrnetmask(var.vpc_cidr)) && try(tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 20, false)
    error_message = "vpc_cidr must be an IPv4 network of /16 to /20."
  }
}

variable "tags" {
  description = "Tags on everything that can have them."
  type        = map(string)
  default     = { "managed-by" = "holdfast", "purpose" = "trial" }
}
