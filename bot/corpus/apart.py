"""Work in a process apart, so that its memory goes with it."""

import multiprocessing
import os
import signal
import threading
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
        with ProcessPoolExecutor(1, context, initializer=_begin) as worker:
            return worker.submit(work, *arguments, **named).result()
    except BrokenProcessPool as error:
        raise IndexingError("Indexing was killed, perhaps for want of memory: run 'zhiwen index'.") from error
    except OSError as error:
        raise IndexingError(
            f"The corpus cannot be indexed: {error}. Check the disk of ZHIWEN_DATA, /dev/shm, and limits."
        ) from error


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it was killed: it would wait for more work for ever."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
    os._exit(1)
