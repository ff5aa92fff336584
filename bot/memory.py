"""Memory once everything is loaded."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

#: Objects made since the last collection. Few of them are left over from answers, and none is in a hurry to go.
BETWEEN_COLLECTIONS = 50_000


def settle() -> None:
    """What is loaded by now stays, with the little garbage in it: the collector need not walk it, now or later. What
    loading took and gave back returns to the system, where the system's library can do that."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(BETWEEN_COLLECTIONS, 10, 10)
    with suppress(OSError, AttributeError, TypeError):  # glibc has it, others have not
        ctypes.CDLL(None).malloc_trim(0)
