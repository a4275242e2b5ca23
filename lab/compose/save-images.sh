#!/bin/sh
# Puts each image into an archive of its own in /images, from where k3s takes it. Those that are there already, and the same, are left.
set -eu

for image in "$@"; do
  name="${image##*/}"
  archive="/images/${name%%:*}.tar"
  id="$(docker image inspect --format '{{.Id}}' "$image")"
  if [ -f "$archive" ] && [ "$(cat "$archive.id" 2>/dev/null)" = "$id" ]; then continue; fi
  echo "$image"
  # k3s looks at names that end in .tar: under that name an archive is whole.
  docker image save --output "$archive.part" "$image"
  mv "$archive.part" "$archive"
  echo "$id" > "$archive.id"
done
