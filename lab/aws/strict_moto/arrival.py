"""When the request came that this thread answers: its body may take longer than the credentials last that it is signed with."""

from __future__ import annotations

import datetime
import threading

from moto.core.utils import utcnow

_of_thread = threading.local()


def note_arrival() -> None:
    """To be called when a request's headers are there, before its body is read."""
    _of_thread.arrived = utcnow()


def arrived_at() -> datetime.datetime:
    return getattr(_of_thread, "arrived", None) or utcnow()
