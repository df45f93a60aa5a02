#!/bin/sh
# A Python for the tests, and the Python of every environment that it makes. FAKE_* say how it behaves.
PATH=/usr/bin:/bin
home=$(cd "$(dirname "$0")/.." && pwd)
own=$home/site-packages/torch
alone=
[ "$1" != -I ] || { alone=yes; shift; }
case "$1 $2" in
"-m venv")
    echo venv >>"$FAKE_LOG"
    [ -z "$FAKE_VENV" ] || { echo "$FAKE_VENV"; exit 1; }
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
    ;;
"-m pip")
    echo "$*" >>"$FAKE_LOG"
    mkdir -p "$own/lib"
    [ -z "$FAKE_PIP" ] || { echo "$FAKE_PIP" >&2; exit 1; }
    # As pip does where it sees one.
    [ -z "$alone" ] && [ -n "$PYTHONPATH" ] && { echo "Requirement already satisfied"; exit; }
    sleep "${FAKE_SECONDS:-0}"
    if [ -n "$FAKE_ENDLESS" ] && mkdir "$FAKE_ENDLESS" 2>/dev/null; then
        n=0
        until [ -e "$FAKE_ENDLESS/stop" ] || [ $n = 5000 ]; do n=$((n + 1)); mkdir -p "$own/$n/$n"; done
    fi
    mkdir -p "$own/include"
    touch "$own/lib/libtorch_cpu.so"
    echo "__version__ = '2.13.0+cpu'" >"$own/version.py"
    ;;
"-c import"*)
    [ -n "$alone" ] || exit 1
    [ -z "$FAKE_IMPORT" ] || { echo "$FAKE_IMPORT" >&2; exit 1; }
    ;;
*)
    echo asked >>"$FAKE_LOG"
    echo "python 3.12.1"
    if [ -z "$alone" ] && [ -n "$PYTHONPATH" ]; then
        echo "torch $PYTHONPATH/torch/__init__.py"
    elif [ -d "$own" ]; then
        echo "torch $own/__init__.py"
    elif [ -n "$FAKE_TORCH" ]; then
        echo "torch $FAKE_TORCH/__init__.py"
    fi
    [ -z "$FAKE_LACKS" ] || echo "lacks $FAKE_LACKS"
    ;;
esac
