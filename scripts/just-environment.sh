#!/bin/sh
# What the justfile asks for its environment. In a fresh clone it installs the npm packages first, as `npm run` does.
set -eu
cd "$(dirname "$0")/.."
node scripts/install-dependencies.mjs
exec node_modules/.bin/node scripts/just-environment.ts
