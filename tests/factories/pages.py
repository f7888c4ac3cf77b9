"""What tests read in a page: the words shown, the token of its forms."""

import re
from html import unescape


def words_of(page: str) -> str:
    """The words of a page without its markup, any white space between them as one space."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def token_of(page: str) -> str:
    """The token that a form of the page sends back; fails on a page without a form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]
