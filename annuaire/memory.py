"""How much memory a process that serves may hold beyond what it uses."""

import ctypes
from typing import Final

M_ARENA_MAX: Final = -8  # mallopt(3)
M_MMAP_THRESHOLD: Final = -3
M_TRIM_THRESHOLD: Final = -1
ARENAS: Final = 2
LARGE: Final = 128 * 1024  # bytes


def hold_little() -> None:
    """Where the C library is glibc, let the threads of a process share two pools of memory, and
    give back what is large as soon as it is free: else one that serves holds a sixth more."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_TRIM_THRESHOLD, LARGE)
