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
from gateway.as2.mime import Entity, decoded, entity, is_text, parts, posted, structure, whole
from gateway.as2.names import file_name
from gateway.as2.problem import As2Error, MimeError
from gateway.core.exchanges import Pairs

#: Compressed, encrypted and signed are three; nobody needs more.
_LAYERS = 4

#: The longest signature.
_SIGNATURE_BYTES = 1024 * 1024

_PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_NAMES = frozenset({"smime.p7m", "smime.p7z"})
_SEVERAL = frozenset({"multipart/related", "multipart/mixed"})
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
    """What a message is opened with. ``most``: bytes of any content; ``micalg``: of unsigned messages; ``signed``: what
    is not signed will not be taken, and how it is told so must not depend on what cipher text decrypts to."""

    keys: Sequence[cms.PrivateKey]
    certificates: Sequence[cms.Certificate]
    scratch: Callable[[], Scratch]
    most: int
    micalg: str = "sha1"
    signed: bool = False


class _State:
    """How far a message is opened."""

    def __init__(self, found: Entity) -> None:
        self.found = found
        self.mic: Mic | None = None
        self.signer: cms.Certificate | None = None
        self.facts: dict[str, Any] = {}
        self.headless = True  # the headers are those of HTTP still: unsigned content counts without them
        self.malleable = False  # encrypted in a way that anybody may change
        self.flaw = ""  # what is wrong with it then


def open_message(fields: Pairs, body: BinaryIO, means: Means) -> Opened:
    """A message by its HTTP headers and its body. Raises As2Error, with ``facts`` as far as it came."""
    region = whole(body)
    state = _State(Entity(fields, region, region))
    try:
        state.found = posted(fields, body)
        for _ in range(_LAYERS):
            if not _open_one(state, means):
                break
        else:
            raise As2Error("unexpected-processing-error", "It has more layers than are opened.")
        found = _parts(state.found)
        if state.malleable:
            _proven(state, means)
        if state.mic is None:
            state.mic = mic((state.found.body if state.headless else state.found.whole).pieces(), means.micalg)
    except As2Error as error:
        error.facts, error.at = state.facts, state.found
        raise
    except (MimeError, cms.CmsError) as error:
        opaque = state.malleable and state.signer is None
        failed = As2Error("decryption-failed" if opaque else "unexpected-processing-error", error.detail)
        failed.facts, failed.at = state.facts, state.found
        raise failed from None
    return Opened(found, state.mic, state.signer, state.facts)


def _proven(state: _State, means: Means) -> None:
    """Somebody who changes recorded cipher text must not learn from our answer whether its padding was right: so that
    alone decides nothing about signed content, and nothing about unsigned content that is refused in any case.

    Raises As2Error.
    """
    if state.signer is None and means.signed:
        if not state.found.headers:
            text = state.flaw or "What was encrypted is no MIME content, and it is not signed."
            raise As2Error("decryption-failed", text)
        if state.flaw:
            raise As2Error("insufficient-message-security", f"It is not signed. {state.flaw}")
    elif state.flaw:
        raise As2Error("decryption-failed", state.flaw)


def _open_one(state: _State, means: Means) -> bool:
    """Takes one layer off; False where there is none."""
    media = state.found.media()
    if media.value == "multipart/signed":
        _verify(state, media, means)
        return True
    named = "smime-type" in media.parameters or media.parameters.get("name", "").lower() in _NAMES
    if media.value in _PKCS7 or (media.value == "application/octet-stream" and named):
        return _unwrap(state, means)
    return False


def _unwrap(state: _State, means: Means) -> bool:
    """Encrypted, compressed, or signed within: the structure itself says which, whatever ``smime-type`` says. What has
    a signature of its own within that of the message (``invoice.xml.p7m``) is a document: False."""
    source = _content(state.found, means)
    kind = _kind(source)
    source.seek(0)
    into = means.scratch()
    if kind == cms.COMPRESSED_DATA:
        _once(state, "compressed", "decompression-failed")
        try:
            _behind(state, cms.decompress(source, into, means.most))
        except cms.CmsError as error:
            raise As2Error("decompression-failed", error.detail) from None
        state.facts["compressed"] = "zlib"
    elif kind in {cms.ENVELOPED_DATA, cms.AUTH_ENVELOPED_DATA}:
        _once(state, _ENCRYPTED, "decryption-failed")
        _decrypt(state, source, into, means)
    elif kind == cms.SIGNED_DATA:
        if state.signer is None:
            _verify_enclosed(state, source, into, means)
            return True
        return False
    else:
        raise As2Error("unexpected-processing-error", f"Content of this kind is not opened: {kind}.")
    state.found = entity(whole(into.finish()))
    state.headless = False
    return True


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
    state.malleable, state.flaw = not found.authenticated, found.flaw


def _behind(state: _State, clean: bool) -> None:
    """Nothing may stand behind content that was encrypted, but text: it is where recorded cipher text would be put."""
    if state.malleable and not clean:
        state.flaw = state.flaw or "Something was put behind what was encrypted."


def _kind(source: BinaryIO) -> str:
    try:
        return cms.kind_of(source)
    except cms.CmsError:
        return "nothing that is known"


def _content(found: Entity, means: Means) -> BinaryIO:
    """A reader of its own of the decoded content."""
    into = means.scratch()
    for piece in structure(found):
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
    tail = found[1]._replace(start=found[1].stop, stop=state.found.body.stop)
    _behind(state, is_text(tail if tail.size else signature.body))
    _signed(state, content, lambda: cms.signers(b"".join(structure(signature))), means)


def _verify_enclosed(state: _State, source: BinaryIO, into: Scratch, means: Means) -> None:
    """The content within its signature (RFC 8551, 3.5.2): AS2 does not send it so, some of its products do."""
    _once(state, "signed", "authentication-failed")
    try:
        signers, clean = cms.enclosed(source, into)
    except cms.CmsError as error:
        raise As2Error("authentication-failed", f"The signature cannot be read: {error.detail}") from None
    _behind(state, clean)
    _signed(state, entity(whole(into.finish())), lambda: signers, means)


def _signed(state: _State, content: Entity, read: Callable[[], Sequence[cms.Signer]], means: Means) -> None:
    """What is signed is what is opened further."""
    try:
        signers = read()
        if not content.headers and any(each.attributes is None for each in signers):
            # Without them, the attributes of another signature could be passed off as content (RFC 5652, 5.3).
            raise As2Error("authentication-failed", "What is signed has no headers, and its signature no attributes.")
        verified = _verified(state, content, signers, means)
    except cms.SignatureError as error:
        modifier: Any = "integrity-check-failed" if error.kind == "digest-mismatch" else "authentication-failed"
        raise As2Error(modifier, error.detail) from None
    except (cms.CmsError, MimeError) as error:
        raise As2Error("authentication-failed", f"The signature cannot be read: {error.detail}") from None
    state.signer = verified.certificate
    weakest = verified.scheme if verified.scheme.weak else verified.digest
    state.facts |= {"signed": weakest.name, "signer": f"{verified.certificate.serial:x}"}
    if verified.form != "raw":
        state.facts["form"] = verified.form
    if weakest.weak or verified.certificate.weak:
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
    if media.value not in _SEVERAL:
        return (_part(found),)
    inside = [entity(each) for each in parts(found.body, media.parameters.get("boundary", ""))]
    made = [_part(each) for each in inside]
    names = [each.file_name for each in made if each.file_name]
    if len(set(names)) < len(names):
        raise As2Error("duplicate-filename", "Two of its parts have one file name.")
    start = media.parameters.get("start", "")
    root = [n for n, each in enumerate(inside) if start and headers.value(each.headers, "content-id") == start]
    return tuple([made[n] for n in root] + [each for n, each in enumerate(made) if n not in root])


def _part(found: Entity) -> Part:
    disposition = headers.media(headers.value(found.headers, "content-disposition")).parameters
    media = found.media()
    name = disposition.get("filename") or media.parameters.get("name", "")
    return Part(media.value or "application/octet-stream", file_name(headers.words(name)), found)


def in_memory() -> Callable[[], Scratch]:
    """Scratch space for small content, for tests and commands."""

    class Memory(BytesIO):
        def finish(self) -> BinaryIO:
            self.seek(0)
            return self

    return Memory


__all__ = ["Means", "Opened", "Part", "Scratch", "in_memory", "open_message"]
