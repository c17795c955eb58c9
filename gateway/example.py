"""The bundled parties as the worked example: what ``init`` makes a home of, and the demo, the benches and tests use."""

from __future__ import annotations

from gateway.resources import Resources

_DOOR = 'connector = "directory"\ndirection = "in"\n'


def parties(*, at_once: bool = False) -> dict[str, str]:
    """Their files, named as in a home: ``partners/globex.toml``.

    ``at_once``: what is renamed into their folders is taken at once, and not watched for a while whether it changes.
    """
    texts = Resources().partners.texts()
    if not at_once:
        return texts
    return {name: text.replace(_DOOR, f'{_DOOR}complete = "rename"\n') for name, text in texts.items()}
