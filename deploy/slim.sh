#!/bin/sh
# Takes out of a virtual environment what the running bot never reads: symbols for debuggers, sources of compiled
# modules, tests of libraries, pip, and what Babel knows of languages that the bot doesn't speak.
# Usage: slim.sh ENVIRONMENT
set -eu

packages=$(echo "$1"/lib/python3*/site-packages)
# The libraries in *.libs were moved by patchelf, and stripping such a file can break it.
find "$packages" -name '*.so' ! -path '*.libs/*' -exec strip --strip-unneeded {} +
find "$packages" \( -name '*.c' -o -name '*.cpp' -o -name '*.h' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' \) \
    -delete
find "$packages" -type d \( -name tests -o -name __pycache__ \) -prune -exec rm -rf {} +
find "$packages/babel/locale-data" -name '*.dat' ! -name 'root.dat' ! -name 'en.dat' ! -name 'en_*.dat' \
    ! -name 'de.dat' ! -name 'de_*.dat' -delete
rm -rf "$packages/pip" "$packages"/pip-*.dist-info "$packages/discord/bin" "$1"/bin/pip*
