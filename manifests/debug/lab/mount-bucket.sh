#!/bin/sh
# Mounts the bucket for the other container of the pod, until it is told to end. Read-only: nothing of a backup can be changed by it.
set -eu
folder=/mnt/s3

# What an rclone that was killed has left mounted answers nobody any more.
while grep --quiet " $folder " /proc/self/mounts; do
  fusermount3 -u -z "$folder"
done
mkdir -p "$folder"

exec rclone mount "S3:${BUCKET:?names no bucket}" "$folder" --read-only --allow-other --dir-cache-time=5s --use-server-modtime \
  --s3-no-check-bucket --config=/dev/null --cache-dir=/tmp/rclone --log-level=INFO
