"""Fuzzes a target, guided by coverage, until the time is up or something that must not be is found.

    python tests/fuzz/fuzz.py records|text|callback|archive|webhook|all [libFuzzer's options] [FOLDER ...]

With `all`, an input's first byte says which target takes the rest. Inputs that lead somewhere new are kept in
the first folder; the others give examples to begin with. An input that fails is written to a file crash-...;
give its name to try it again.
"""

import logging
import os
import sys
from collections.abc import Sequence

import atheris
from pieces import PIECES

with atheris.instrument_imports(include=["bot", "retrieval"]):
    from targets import TARGETS, Deliveries, Target


def main() -> None:
    name, *options = sys.argv[1:]
    targets: dict[str, Target] = {**TARGETS, "webhook": Deliveries()}
    target = by_first_byte(list(targets.values())) if name == "all" else targets[name]
    logging.disable()
    # In memory, since libFuzzer ends the process without any cleaning up.
    words = os.memfd_create("words")
    os.write(words, "".join(f'"{_escaped(piece)}"\n' for piece in PIECES).encode())
    atheris.Setup([sys.argv[0], f"-dict=/proc/self/fd/{words}", *options], target)
    atheris.Fuzz()


def by_first_byte(targets: Sequence[Target]) -> Target:
    """All targets in one."""

    def target(data: bytes) -> None:
        if data:
            targets[data[0] % len(targets)](data[1:])

    return target


def _escaped(piece: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in piece.encode())


if __name__ == "__main__":
    main()
