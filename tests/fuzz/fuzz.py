"""Fuzzes a target, guided by coverage, until the time is up or something that must not be is found.

    python tests/fuzz/fuzz.py records|text|callback|archive|webhook [libFuzzer's options] [FOLDER ...]

Inputs that lead somewhere new are kept in the first folder; the others give examples to begin with. An input
that fails is written to a file crash-...; give its name to try it again.
"""

import logging
import os
import sys

import atheris
from pieces import PIECES

with atheris.instrument_imports(include=["bot", "retrieval"]):
    from targets import TARGETS, Deliveries


def main() -> None:
    name, *options = sys.argv[1:]
    target = Deliveries() if name == "webhook" else TARGETS[name]
    logging.disable()
    # In memory, since libFuzzer ends the process without any cleaning up.
    words = os.memfd_create("words")
    os.write(words, "".join(f'"{_escaped(piece)}"\n' for piece in PIECES).encode())
    atheris.Setup([sys.argv[0], f"-dict=/proc/self/fd/{words}", *options], target)
    atheris.Fuzz()


def _escaped(piece: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in piece.encode())


if __name__ == "__main__":
    main()
