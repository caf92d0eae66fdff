# Sourced by run and test: sets $python to the first Python that is new enough.
python=
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "$(basename "$0"): Python 3.11 or newer is needed; on Debian: apt-get install python3 python3-venv" >&2
    exit 1
fi
