"""Another implementation of AS2, pyas2lib, in a process of its own: one line of JSON in, one out.

It is licensed under the GPL and needs other versions of libraries: it is no part of us. ``PYAS2_PYTHON`` names an
interpreter that has it.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any


class Peer:
    def __init__(self, told: dict[str, Any]) -> None:
        from pyas2lib import as2  # type: ignore[import-not-found]

        key = told["key"].encode()
        certificate = told["certificate"].encode()
        options = told.get("options", {})
        self.as2 = as2
        self.us = as2.Organization(
            as2_name=told["us"], sign_key=key, sign_key_pass=None, decrypt_key=key, decrypt_key_pass=None,
            mdn_url=told.get("mdn_url"),
        )  # fmt: skip
        self.them = as2.Partner(
            as2_name=told["them"], verify_cert=certificate, encrypt_cert=certificate, validate_certs=False, **options
        )
        self.sent: dict[str, Any] = {}

    def build(self, told: dict[str, Any]) -> dict[str, Any]:
        message = self.as2.Message(self.us, self.them)
        message.build(base64.b64decode(told["content"]), filename="order.x12", content_type="application/edi-x12")
        self.sent[message.message_id] = message
        return {"headers": list(message.headers.items()), "body": base64.b64encode(message.content).decode()}

    def open(self, told: dict[str, Any]) -> dict[str, Any]:
        message = self.as2.Message()
        status, (error, _), mdn = message.parse(raw(told), lambda name: self.us, lambda name: self.them)
        found: dict[str, Any] = {"status": status, "error": str(error or "")}
        if status == "processed":
            found["content"] = base64.b64encode(message.payload.get_payload(decode=True)).decode()
        if mdn is not None:
            found |= {"headers": list(mdn.headers.items()), "body": base64.b64encode(mdn.content).decode()}
        return found

    def read(self, told: dict[str, Any]) -> dict[str, Any]:
        status, detail = self.as2.Mdn().parse(raw(told), lambda id, to: self.sent[id])
        return {"status": status, "detail": detail or ""}


def raw(told: dict[str, Any]) -> bytes:
    head = "".join(f"{name}: {value}\n" for name, value in told["headers"])
    return head.encode() + b"\n" + base64.b64decode(told["body"])


def main() -> None:
    out, sys.stdout = sys.stdout, sys.stderr
    peers: dict[str, Peer] = {}
    for line in sys.stdin:
        told = json.loads(line)
        what = told.pop("do")
        if what == "be":
            peers["one"] = Peer(told)
            answer: dict[str, Any] = {}
        else:
            answer = getattr(peers["one"], what)(told)
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
