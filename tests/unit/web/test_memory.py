"""What serves holds little memory, whoever starts it."""

import ctypes
from types import SimpleNamespace

import pytest

from annuaire import memory


def test_glibc_is_told_what_to_give_back_and_others_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: dict[int, int] = {}
    library = SimpleNamespace(mallopt=told.__setitem__)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    memory.hold_little()
    wanted = {memory.M_ARENA_MAX: 2, memory.M_MMAP_THRESHOLD: 131072}
    assert told == wanted | {memory.M_TRIM_THRESHOLD: 131072}
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace())
    memory.hold_little()
