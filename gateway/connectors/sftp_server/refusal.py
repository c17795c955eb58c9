"""Why a request of a partner's client is not done: a code of SFTP and a sentence that its user reads."""

from __future__ import annotations

from gateway.connectors.sftp_server.wire import Code
from gateway.core.errors import DeliveryRefusedError


class Refusal(DeliveryRefusedError):
    """The answer is no. ``code`` and the text go to the client."""

    def __init__(self, code: Code, text: str) -> None:
        super().__init__(text)
        self.code = code

    @classmethod
    def missing(cls, path: str) -> Refusal:
        return cls(Code.NO_SUCH_FILE, f"{path}: no such file")

    @classmethod
    def forbidden(cls, text: str) -> Refusal:
        return cls(Code.PERMISSION_DENIED, text)

    @classmethod
    def failure(cls, text: str) -> Refusal:
        return cls(Code.FAILURE, text)

    @classmethod
    def unsupported(cls, text: str) -> Refusal:
        return cls(Code.OP_UNSUPPORTED, text)
