"""What a message was against what was agreed on as the least (RFC 4130, 4.2; the error is that of RFC 4130bis)."""

from __future__ import annotations

from collections.abc import Collection

from gateway.as2.cms import CIPHER_OF, DIGEST_OF
from gateway.as2.opening import Opened
from gateway.as2.problem import As2Error


def check(opened: Opened, *, least: Collection[str], allow: Collection[str]) -> None:
    """``least``: signed, encrypted. ``allow``: weak algorithms that are taken all the same.

    Raises As2Error (``insufficient-message-security``) with the setting that would admit the message.
    """
    facts = opened.facts
    lacks = [wanted for wanted in least if wanted not in facts]
    if lacks:
        rest = ", ".join(f'"{word}"' for word in least if word in facts)
        hint = f"It is taken with least = [{rest}]."
        raise As2Error("insufficient-message-security", f"It is not {' and not '.join(lacks)}.", hint=hint)
    weak = [name for name in (facts.get("signed", ""), facts.get("encrypted", "")) if _weak(name)]
    for name in weak:
        if name not in allow:
            hint = f'It is taken with allow = ["{name}"].'
            raise As2Error("insufficient-message-security", f"It uses {name}, which is weak.", hint=hint)


def _weak(name: str) -> bool:
    known = DIGEST_OF.get(name) or CIPHER_OF.get(name)
    return known is not None and known.weak
