#!/bin/sh
# Make the virtual environment from a lock: sh tools/venv.sh PYTHON VENV LOCK
set -eu
python=$1 venv=$2 lock=$3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Touchline needs Python 3.11 or newer; this is $("$python" --version 2>&1). Name another one: make PYTHON=python3.12 ..." >&2
  exit 1
}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
echo "Installing from $lock (once per lock) ..."
"$venv/bin/python" -m pip --disable-pip-version-check install -q --only-binary=:all: --require-hashes -r "$lock"
# The package itself is pure Python; its build tool comes from the index like everything else.
"$venv/bin/python" -m pip --disable-pip-version-check install -q --no-deps -e .
