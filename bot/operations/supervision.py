"""What a supervisor such as systemd is told, and the watchdog that it relies on.

The protocol is sd_notify(3): lines NAME=VALUE in a datagram to the socket that NOTIFY_SOCKET names.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Mapping
from typing import Final

from bot.operations.health import Health
from retrieval.errors import ZhiwenError

logger = logging.getLogger(__name__)

PATIENCE: Final = 0.2
"""Seconds that the supervisor may take to take a message."""
LOOK_EVERY: Final = 10.0
"""Seconds between two looks of the watchdog, or less where the supervisor wants to hear more often."""


class StuckError(ZhiwenError):
    """The service no longer fetches updates, and only a new process will."""


class Supervisor:
    """Who started this process and wants to know how it does; nobody, where nothing says so.

    Args:
        environment: where the supervisor left its wishes: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        own = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = environment.get("WATCHDOG_USEC", "") if own else ""
        self.watchdog_seconds = int(microseconds) / 1e6 if microseconds.isdecimal() else None

    def ready(self, status: str) -> None:
        """The service works, or works again after a reload."""
        self._tell(f"READY=1\nSTATUS={status}")

    def reloading(self) -> None:
        """The corpus is being read anew; `ready` follows."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}\nSTATUS=reloading the corpus")

    def stopping(self) -> None:
        """The service is about to end."""
        self._tell("STOPPING=1\nSTATUS=answering the last questions")

    def alive(self) -> None:
        """The watchdog need not bite."""
        self._tell("WATCHDOG=1")

    def _tell(self, message: str) -> None:
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.settimeout(PATIENCE)
                sender.sendto(message.encode(), address)
        except OSError as error:
            logger.warning(
                "the supervisor at NOTIFY_SOCKET cannot be told %s: %s", message.partition("\n")[0], error
            )


async def watch(health: Health, supervisor: Supervisor) -> None:
    """Tell the supervisor time after time that all is well, as long as it is.

    That this runs at all shows that the event loop does.

    Raises:
        StuckError: updates are no longer fetched.
    """
    wanted = supervisor.watchdog_seconds
    pause = LOOK_EVERY if wanted is None else min(wanted / 2, LOOK_EVERY)
    while not health.is_stuck:
        supervisor.alive()
        await asyncio.sleep(pause)
    raise StuckError("Updates are no longer fetched: this process ends, to be started again.")
