"""Messages opened: layers off, one by one, until the documents lie there (RFC 4130, 5; RFC 5402; RFC 6362).

Decryption and decompression come in any order that was seen, each once; the signature is that of a pinned certificate
or none. Large content passes through scratch space that is handed in.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple, Protocol

from gateway.as2 import cms, headers
from gateway.as2.mic import Mic, digest, forms, mic
from gateway.as2.mime import Entity, decoded, entity, parts, whole
from gateway.as2.names import file_name
from gateway.as2.problem import As2Error, MimeError
from gateway.core.exchanges import Pairs

#: Compressed, encrypted and signed are three; nobody needs more.
_LAYERS = 4

#: The longest signature.
_SIGNATURE_BYTES = 1024 * 1024

_PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ENCRYPTED = "encrypted"


class Scratch(Protocol):
    """Intermediate content: written once, then read."""

    def write(self, data: bytes, /) -> object: ...

    def finish(self) -> BinaryIO: ...


class Part(NamedTuple):
    """One document, or what is attached to it. ``file_name`` is safe to use, and empty where none was told."""

    content_type: str
    file_name: str
    found: Entity

    def pieces(self) -> Iterator[bytes]:
        """Its content, decoded. Raises As2Error where its transfer encoding is not kept to."""
        try:
            yield from decoded(self.found)
        except MimeError as error:
            raise As2Error("unexpected-processing-error", error.detail) from None


class Opened(NamedTuple):
    """``facts``: for people, as JSON. ``mic`` is of what was signed, in the form that was."""

    parts: tuple[Part, ...]
    mic: Mic | None
    signer: cms.Certificate | None
    facts: dict[str, Any]


class Means(NamedTuple):
    """What a message is opened with. ``most``: bytes of any content; ``micalg``: of unsigned messages."""

    keys: Sequence[cms.PrivateKey]
    certificates: Sequence[cms.Certificate]
    scratch: Callable[[], Scratch]
    most: int
    micalg: str = "sha1"


class _State:
    """How far a message is opened."""

    def __init__(self, found: Entity) -> None:
        self.found = found
        self.mic: Mic | None = None
        self.signer: cms.Certificate | None = None
        self.facts: dict[str, Any] = {}
        self.headless = True  # the headers are those of HTTP still: unsigned content counts without them


def open_message(fields: Pairs, body: BinaryIO, means: Means) -> Opened:
    """A message by its HTTP headers and its body. Raises As2Error, with ``facts`` as far as it came."""
    region = whole(body)
    state = _State(Entity(fields, region, region))
    try:
        for _ in range(_LAYERS):
            if not _open_one(state, means):
                break
        else:
            raise As2Error("unexpected-processing-error", "It has more layers than are opened.")
        found = _parts(state.found)
        if state.mic is None:
            state.mic = mic((state.found.body if state.headless else state.found.whole).pieces(), means.micalg)
    except As2Error as error:
        error.facts, error.at = state.facts, state.found
        raise
    except (MimeError, cms.CmsError) as error:
        failed = As2Error("unexpected-processing-error", error.detail)
        failed.facts, failed.at = state.facts, state.found
        raise failed from None
    return Opened(found, state.mic, state.signer, state.facts)


def _open_one(state: _State, means: Means) -> bool:
    """Takes one layer off; False where there is none."""
    media = state.found.media()
    if media.value == "multipart/signed":
        _verify(state, media, means)
        return True
    if media.value in _PKCS7 or (media.value == "application/octet-stream" and "smime-type" in media.parameters):
        _unwrap(state, means)
        return True
    return False


def _unwrap(state: _State, means: Means) -> None:
    """Encrypted or compressed: the structure itself says which; what ``smime-type`` says does not count."""
    source = _content(state.found, means)
    kind = _kind(source)
    source.seek(0)
    into = means.scratch()
    if kind == cms.COMPRESSED_DATA:
        _once(state, "compressed", "decompression-failed")
        try:
            cms.decompress(source, into, means.most)
        except cms.CmsError as error:
            raise As2Error("decompression-failed", error.detail) from None
        state.facts["compressed"] = "zlib"
    elif kind in {cms.ENVELOPED_DATA, cms.AUTH_ENVELOPED_DATA}:
        _once(state, _ENCRYPTED, "decryption-failed")
        _decrypt(state, source, into, means)
    else:
        raise As2Error("unexpected-processing-error", f"Content of this kind is not opened: {kind}.")
    state.found = entity(whole(into.finish()))
    state.headless = False


def _once(state: _State, layer: str, modifier: Any) -> None:
    if layer in state.facts:
        raise As2Error(modifier, f"It is {layer} twice.")


def _decrypt(state: _State, source: BinaryIO, into: Scratch, means: Means) -> None:
    """Whatever hinders it, the partner is told the same."""
    try:
        found = cms.decrypt(source, means.keys, into)
    except cms.CmsError as error:
        raise As2Error("decryption-failed", error.detail) from None
    state.facts[_ENCRYPTED] = found.cipher
    state.facts["key_transport"] = found.transport
    state.facts["key"] = f"{found.key.certificate.serial:x}"


def _kind(source: BinaryIO) -> str:
    try:
        return cms.kind_of(source)
    except cms.CmsError:
        return "nothing that is known"


def _content(found: Entity, means: Means) -> BinaryIO:
    """A reader of its own of the decoded content."""
    into = means.scratch()
    for piece in decoded(found):
        into.write(piece)
    return into.finish()


def _verify(state: _State, media: headers.Media, means: Means) -> None:
    _once(state, "signed", "authentication-failed")
    found = parts(state.found.body, media.parameters.get("boundary", ""))
    if len(found) < 2:
        raise As2Error("authentication-failed", "The signature is missing.")
    content, signature = entity(found[0]), entity(found[1])
    if signature.body.size > _SIGNATURE_BYTES:
        raise As2Error("authentication-failed", "The signature is longer than any.")
    try:
        signers = cms.signers(b"".join(decoded(signature)))
        verified = _verified(state, content, signers, means)
    except cms.SignatureError as error:
        modifier: Any = "integrity-check-failed" if error.kind == "digest-mismatch" else "authentication-failed"
        raise As2Error(modifier, error.detail) from None
    except (cms.CmsError, MimeError) as error:
        raise As2Error("authentication-failed", f"The signature cannot be read: {error.detail}") from None
    state.signer = verified.certificate
    state.facts |= {"signed": verified.digest.name, "signer": f"{verified.certificate.serial:x}"}
    if verified.form != "raw":
        state.facts["form"] = verified.form
    if verified.digest.weak or verified.certificate.weak:
        state.facts["weak"] = True
    state.found, state.headless = content, False


def _verified(state: _State, content: Entity, signers: Sequence[cms.Signer], means: Means) -> cms.Verified:
    """Form by form: the bytes as they came are what was signed, nearly always."""
    digests: dict[tuple[str, str], bytes] = {}
    names = {signer.digest.name for signer in signers}
    last: cms.SignatureError | None = None
    tried = [form for form, _ in forms(content)]
    for form in tried:
        for name in names:
            digests[name, form] = digest(dict(forms(content))[form], name)
        try:
            verified = cms.verify(signers, digests, means.certificates)
        except cms.SignatureError as error:
            last = error
            if error.kind == "unknown-signer":
                break
            continue
        value = b64encode(digests[verified.digest.name, verified.form]).decode()
        state.mic = Mic(value, verified.digest.name)
        return verified
    first = next(iter(names))
    state.facts["mic"] = str(Mic(b64encode(digests[first, tried[0]]).decode(), first))
    assert last is not None
    raise last


def _parts(found: Entity) -> tuple[Part, ...]:
    """The documents: one, or several of a multipart/related (RFC 6362)."""
    media = found.media()
    if media.value != "multipart/related":
        return (_part(found),)
    inside = [entity(each) for each in parts(found.body, media.parameters.get("boundary", ""))]
    made = [_part(each) for each in inside]
    names = [each.file_name for each in made if each.file_name]
    if len(set(names)) < len(names):
        raise As2Error("unexpected-processing-error", "Two of its parts have one file name.")
    start = media.parameters.get("start", "")
    root = [n for n, each in enumerate(inside) if start and headers.value(each.headers, "content-id") == start]
    return tuple([made[n] for n in root] + [each for n, each in enumerate(made) if n not in root])


def _part(found: Entity) -> Part:
    disposition = headers.media(headers.value(found.headers, "content-disposition")).parameters
    media = found.media()
    name = disposition.get("filename") or media.parameters.get("name", "")
    return Part(media.value or "application/octet-stream", file_name(name), found)


def in_memory() -> Callable[[], Scratch]:
    """Scratch space for small content, for tests and commands."""

    class Memory(BytesIO):
        def finish(self) -> BinaryIO:
            self.seek(0)
            return self

    return Memory


__all__ = ["Means", "Opened", "Part", "Scratch", "in_memory", "open_message"]
