"""What a text must be to be scored: not empty, and made of characters."""

import re

from model.errors import EmptyText, UnusableText

_UNUSABLE = re.compile("[\x00\ud800-\udfff]")


def check_text(text: str, *, name: str) -> None:
    """Refuse what cannot be scored; `name` says in the message which text it was.

    Raises:
        EmptyText: nothing but white space.
        UnusableText: a NUL or a lone surrogate.
    """
    if not text.strip():
        raise EmptyText(f"{name} is empty: send at least one sentence")
    if found := _UNUSABLE.search(text):
        raise UnusableText(
            f"{name} has U+{ord(found.group()):04X} at character {found.start()}, which is not "
            "text: decode the source with its right encoding"
        )
