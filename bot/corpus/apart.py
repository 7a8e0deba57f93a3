"""Work in a process apart, so that its memory goes with it."""

import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from retrieval import IndexingError

Given = ParamSpec("Given")
Done = TypeVar("Done")


def run_apart(work: Callable[Given, Done], *arguments: Given.args, **named: Given.kwargs) -> Done:
    """What some work comes to that a process of its own does.

    Raises:
        IndexingError: no process can be started, it was killed, or the disk is full.
    """
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(1, context, initializer=_be_quiet_when_interrupted) as worker:
            return worker.submit(work, *arguments, **named).result()
    except BrokenProcessPool as error:
        raise IndexingError("Indexing was killed, perhaps for want of memory: run 'zhiwen index'.") from error
    except OSError as error:
        raise IndexingError(
            f"The corpus cannot be indexed: {error}. Check the disk of ZHIWEN_DATA, /dev/shm, and limits."
        ) from error


def _be_quiet_when_interrupted() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
