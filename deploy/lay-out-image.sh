#!/bin/sh
# Lays out in the folder $1 what the image holds, from a checkout in which `npm ci` has run: what npm would publish, and the
# packages it runs on, as package-lock.json names them. Types, source maps and texts for readers of a package stay out.
set -eu
tree=$1
npm run -s build
mkdir -p "$tree"
npm pack --silent --ignore-scripts --pack-destination "$tree" >/dev/null
tar xzf "$tree"/offprint-*.tgz -C "$tree" --strip-components=1
rm "$tree"/offprint-*.tgz
cp package-lock.json "$tree"
(cd "$tree" && npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund)
find "$tree/node_modules" -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -iname 'readme*.md' \
  -o -iname 'changelog.md' -o -name '*.tsbuildinfo' \) -delete
chmod -R a+rX,go-w "$tree"
