# One repository for each image of images/. A tag means one image for ever: a Job that runs again runs the same.
resource "aws_ecr_repository" "image" {
  for_each = toset(["terraform", "tools", "tools-mysqlsh", "worker"])

  name                 = "${var.cluster_name}/${each.value}"
  image_tag_mutability = "IMMUTABLE"
  # The cluster is to try things on, and goes with what was pushed for it.
  force_delete = true

  image_scanning_configuration {
    scan_on_push = true
  }
}
