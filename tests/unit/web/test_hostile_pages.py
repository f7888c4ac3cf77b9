"""What the tests of hostile values look for in a page is found there, and only that."""

import pytest

from tests.factories.hostile import CANARY, MARKUP, would_run


@pytest.mark.parametrize(
    "page",
    [
        "<p><kanari>", "<script>kanari()</script>", "<style>@import 'kanari'</style>",
        "<img src=x onerror=kanari()>", "<a href='javascript:kanari()'>x</a>",
        "<a href=' java\tscript:kanari()'>x</a>", "<a href='data:text/html,kanari'>x</a>",
        "<form action=//kanari.example></form>", "<p style='background:url(kanari)'>",
        "<script src=https://kanari.example></script>", "<iframe srcdoc='kanari'></iframe>",
        "<p kanari=1>", "<script type=application/json>'</script><kanari>",
    ],
)  # fmt: skip
def test_what_would_run_is_seen(page: str) -> None:
    assert would_run(f"<!doctype html><body>{page}</body>")


@pytest.mark.parametrize(
    "page",
    [
        "<p>&lt;kanari&gt;", "<input value='\" onload=kanari()'>", "<textarea><kanari></textarea>",
        "<a href='/aide?next=javascript:kanari()'>x</a>", "<a href='https://kanari.example'>x</a>",
        "<script type=application/json>{\"a\": \"\\u003ckanari\"}</script>",
        "<title><kanari></title>",
    ],
)  # fmt: skip
def test_what_is_only_text_is_left(page: str) -> None:
    assert not would_run(f"<!doctype html><body>{page}</body>")


def test_every_text_of_the_families_holds_the_canary() -> None:
    assert all(CANARY in text.format(CANARY) for text in MARKUP)
