"""Work in a process apart, so that its memory goes with it."""

import os
import signal
import threading
from collections.abc import Callable
from concurrent import futures
from typing import ParamSpec, TypeVar

from retrieval.errors import IndexingError

Given = ParamSpec("Given")
Done = TypeVar("Done")


def run_apart(work: Callable[Given, Done], *arguments: Given.args, **named: Given.kwargs) -> Done:
    """What some work comes to that a process of its own does.

    Raises:
        IndexingError: no process can be started, it was killed, or the disk is full.
    """
    from multiprocessing import get_context  # noqa: PLC0415  only who starts processes waits for it

    try:
        with futures.ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin) as worker:
            return worker.submit(work, *arguments, **named).result()
    except futures.BrokenExecutor as error:
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
    from multiprocessing import parent_process  # noqa: PLC0415

    if (parent := parent_process()) is not None:
        parent.join()
    os._exit(1)
