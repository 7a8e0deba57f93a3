"""Fuzzes a target, guided by coverage, until the time is up or something that must not be is found.

    python tests/fuzz/fuzz.py records|text|callback|archive|webhook [libFuzzer's options] [FOLDER]

What is found is written to a file crash-...; give its name to try it again.
"""

import logging
import sys

import atheris

with atheris.instrument_imports(include=["bot", "retrieval"]):
    from targets import TARGETS, Deliveries


def main() -> None:
    name, *options = sys.argv[1:]
    target = Deliveries() if name == "webhook" else TARGETS[name]
    logging.disable()
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
