"""Enveloped signatures of XML (W3C XML-DSig 1.0), as customs asks for them: one reference to the whole document, the
one transform ``enveloped-signature``, inclusive canonical XML 1.0.

What signs is a :class:`Signer`: keys stay with whoever made it, in a file, a card or a hardware module. Names of
algorithms are the signer's too, since ports disagree on them.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

DSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_ENVELOPED = f"{DSIG}enveloped-signature"
_LINE = 76


class Algorithms(NamedTuple):
    """What the signature says of itself: URIs of the method of signing and of the digest."""

    signature: str
    digest: str


#: Those of RSA: the first is what the specification of 2022-05 names, the other one what it should be today.
RSA_SHA1 = Algorithms(f"{DSIG}rsa-sha1", f"{DSIG}sha1")
RSA_SHA256 = Algorithms("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256")
_HASHES: dict[Algorithms, Any] = {RSA_SHA1: hashes.SHA1(), RSA_SHA256: hashes.SHA256()}  # noqa: S303 - customs asks


class Signer(Protocol):
    """What holds a key. ``key_name`` is the number of the certificate or card; ``certificate`` is DER."""

    @property
    def algorithms(self) -> Algorithms: ...

    @property
    def key_name(self) -> str: ...

    @property
    def certificate(self) -> bytes: ...

    def digest(self, data: bytes) -> bytes:
        """The hash that the reference holds."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature of ``data``. Raises ConnectorError when the key is out of reach."""
        ...


class RsaSigner:
    """A key in software."""

    def __init__(
        self, key: rsa.RSAPrivateKey, certificate: x509.Certificate, algorithms: Algorithms = RSA_SHA1, name: str = ""
    ) -> None:
        self._key = key
        self._hash = _HASHES[algorithms]
        self.algorithms = algorithms
        self.certificate = certificate.public_bytes(serialization.Encoding.DER)
        self.key_name = name or f"{certificate.serial_number:x}"

    def digest(self, data: bytes) -> bytes:
        return _hashed(data, self._hash)

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data, padding.PKCS1v15(), self._hash)


class Verdict(NamedTuple):
    """What a signature is worth. ``reason``: why it is not good; empty where it is. ``certificate``: the one in it."""

    reason: str
    certificate: x509.Certificate | None = None

    @property
    def good(self) -> bool:
        return not self.reason


def sign(document: bytes, signer: Signer) -> bytes:
    """The document with its signature as the last child of the root. ``document`` is one that we wrote."""
    root = _parsed(document)
    digest = base64.b64encode(signer.digest(_canonical(root))).decode()
    signature = etree.SubElement(root, f"{{{DSIG}}}Signature", nsmap={"ds": DSIG})
    info = etree.SubElement(signature, f"{{{DSIG}}}SignedInfo")
    etree.SubElement(info, f"{{{DSIG}}}CanonicalizationMethod", Algorithm=C14N)
    etree.SubElement(info, f"{{{DSIG}}}SignatureMethod", Algorithm=signer.algorithms.signature)
    reference = etree.SubElement(info, f"{{{DSIG}}}Reference", URI="")
    transforms = etree.SubElement(reference, f"{{{DSIG}}}Transforms")
    etree.SubElement(transforms, f"{{{DSIG}}}Transform", Algorithm=_ENVELOPED)
    etree.SubElement(reference, f"{{{DSIG}}}DigestMethod", Algorithm=signer.algorithms.digest)
    etree.SubElement(reference, f"{{{DSIG}}}DigestValue").text = digest
    value = etree.SubElement(signature, f"{{{DSIG}}}SignatureValue")
    value.text = _lines(signer.sign(_canonical(info)))
    key = etree.SubElement(signature, f"{{{DSIG}}}KeyInfo")
    etree.SubElement(key, f"{{{DSIG}}}KeyName").text = signer.key_name
    data = etree.SubElement(key, f"{{{DSIG}}}X509Data")
    etree.SubElement(data, f"{{{DSIG}}}X509Certificate").text = _lines(signer.certificate)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def verify(document: bytes, trusted: Sequence[x509.Certificate] = ()) -> Verdict:
    """Whether the signature in a document is that of its content, by RSA.

    ``trusted``: it must be made with the key of one of these; left out, by the one in it. Never raises.
    """
    try:
        return _verify(_parsed(document), trusted)
    except (etree.XMLSyntaxError, ValueError, TypeError, AttributeError) as error:
        return Verdict(f"it cannot be read: {error}")


def _verify(root: Any, trusted: Sequence[x509.Certificate]) -> Verdict:
    found = root.findall(f"{{{DSIG}}}Signature")
    if len(found) != 1:
        return Verdict(f"there are {len(found)} signatures")
    signature = found[0]
    info = signature.find(f"{{{DSIG}}}SignedInfo")
    references = info.findall(f"{{{DSIG}}}Reference") if info is not None else []
    if len(references) != 1 or references[0].get("URI") != "":
        return Verdict("it is not one of the whole document")
    if [each.get("Algorithm") for each in references[0].iter(f"{{{DSIG}}}Transform")] != [_ENVELOPED]:
        return Verdict("its transform is not enveloped-signature")
    if info.find(f"{{{DSIG}}}CanonicalizationMethod").get("Algorithm") != C14N:
        return Verdict("its canonical form is not inclusive C14N 1.0")
    said = Algorithms(
        info.find(f"{{{DSIG}}}SignatureMethod").get("Algorithm"),
        references[0].find(f"{{{DSIG}}}DigestMethod").get("Algorithm"),
    )
    if said not in _HASHES:
        return Verdict(f"{said.signature} is not verified here")
    certificate = _certificate(signature)
    if trusted and certificate not in trusted:
        return Verdict("its certificate is none that is trusted", certificate)
    signed = _canonical(info)
    value = base64.b64decode(signature.findtext(f"{{{DSIG}}}SignatureValue"))
    digest = base64.b64decode(references[0].findtext(f"{{{DSIG}}}DigestValue"))
    _without(root, signature)
    if _hashed(_canonical(root), _HASHES[said]) != digest:
        return Verdict("the document is not the one that was signed", certificate)
    key = certificate.public_key() if certificate is not None else None
    if not isinstance(key, rsa.RSAPublicKey):
        return Verdict("it has no certificate of RSA", certificate)
    try:
        key.verify(value, signed, padding.PKCS1v15(), _HASHES[said])
    except InvalidSignature:
        return Verdict("it was not made with the key of its certificate", certificate)
    return Verdict("", certificate)


def _without(root: Any, signature: Any) -> None:
    """Takes it away, and leaves the text behind it where it is."""
    before, tail = signature.getprevious(), signature.tail or ""
    root.remove(signature)
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        root.text = (root.text or "") + tail


def _certificate(signature: Any) -> x509.Certificate | None:
    text = signature.findtext(f"{{{DSIG}}}KeyInfo/{{{DSIG}}}X509Data/{{{DSIG}}}X509Certificate")
    return x509.load_der_x509_certificate(base64.b64decode(text)) if text else None


def _parsed(document: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    root = etree.fromstring(document, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("it has a DOCTYPE")
    return root


def _canonical(element: Any) -> bytes:
    return bytes(etree.tostring(element, method="c14n", exclusive=False, with_comments=False))


def _hashed(data: bytes, algorithm: Any) -> bytes:
    found = hashes.Hash(algorithm)
    found.update(data)
    return found.finalize()


def _lines(data: bytes) -> str:
    text = base64.b64encode(data).decode("ascii")
    return "\n".join(text[at : at + _LINE] for at in range(0, len(text), _LINE))
