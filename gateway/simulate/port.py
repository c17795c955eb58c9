"""China's port for cross-border e-commerce, played: each message gets the receipts that its outcome has. Pure.

It checks what the port checks first: the schema (CEB900), and the signature of what is declared. The statuses that it
answers with are those that the field tables list for the message.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from decimal import Decimal
from typing import Any, NamedTuple

from gateway.codecs.ceb_file import opened_message
from gateway.codecs.dxp import DxpMessage, write_dxp
from gateway.core.errors import SchemaError, UsageError
from gateway.core.issues import has_errors
from gateway.grammar import Schemas
from gateway.grammar.ceb_validator import CebValidator
from gateway.grammar.ceb_writer import written
from gateway.handlers.customs.message import CustomsMessage, CustomsNode, Said, read_message
from gateway.handlers.customs.receipts import FOLLOWS

#: A way in which it may end → the statuses on the way, of a list. Other documents get those that they may have.
OUTCOMES: dict[str, tuple[str, ...]] = {
    "release": ("2", "3", "120", "300", "399", "800", "899"),
    "register": ("2", "3", "120"),
    "inspect": ("2", "3", "120", "500", "399", "800"),
    "detain": ("2", "3", "120", "300", "501"),
    "return": ("2", "3", "120", "300", "700"),
    "reject": ("2", "3", "100"),
    "error": ("-621003",),
    "send-failed": ("4",),
    "stage": ("1",),
    "silence": (),
}

_WORDS = {
    "1": "暂存成功",
    "2": "申报中",
    "3": "发送海关成功",
    "4": "发送海关失败",
    "100": "海关退单",
    "120": "海关入库",
    "300": "人工审核",
    "399": "海关审结",
    "500": "查验",
    "501": "扣留移送通关",
    "700": "退运",
    "800": "放行",
    "899": "结关",
}
_RECEIPT_OF = {answered: receipt for receipt, answered in FOLLOWS.items()}
_LISTS = frozenset({"621", "603"})
_SIGNED = frozenset({"621", "623", "625"})
_TIME = "%Y%m%d%H%M%S"
_RELIEF = Decimal("0.091")  # VAT of 13 % for seventy percent of it: what the played port takes of everything


class Answer(NamedTuple):
    """A file: its name, what it is and says."""

    name: str
    body: bytes
    type: str
    status: str


class Port:
    """``outcome`` is one of :data:`OUTCOMES`, or statuses with commas between. ``repeat``: each receipt comes so often;
    ``shuffle``: in any order; ``tax``: a released import is taxed (816).

    Raises UsageError for an outcome that there is none of.
    """

    def __init__(
        self,
        schemas: Schemas,
        *,
        outcome: str = "release",
        repeat: int = 1,
        shuffle: bool = False,
        tax: bool = True,
        seed: str = "1",
    ) -> None:
        statuses = OUTCOMES.get(outcome) or tuple(outcome.split(","))
        if outcome not in OUTCOMES and not all(each.lstrip("-").isdecimal() for each in statuses):
            raise UsageError(
                f"The port has no outcome {outcome}.", hint=f"It has: {', '.join(OUTCOMES)}; or 2,120,800."
            )
        self._schemas = schemas
        self._statuses = () if outcome == "silence" else statuses
        self._repeat, self._shuffle, self._tax = repeat, shuffle, tax
        self._dice = random.Random(seed)  # noqa: S311 - nothing secret is drawn

    def answer(self, body: bytes) -> tuple[Answer, ...]:
        """The files that it sends because of one that it got. Raises UsageError for what is no customs message."""
        file = opened_message(body)
        message = read_message(file.text)
        if not message.number.isdecimal():
            raise UsageError("This is no customs message.")
        found = self._answers(message, file.text.data)
        files = [
            Answer(
                f"{type}-{status.lstrip('-')}-{message.guid}-{number}.xml",
                self._wrapped(type, text, file.envelope),
                type,
                status,
            )
            for number, (type, status, text) in enumerate(found * self._repeat, 1)
        ]
        if self._shuffle:
            self._dice.shuffle(files)
        return tuple(files)

    def _answers(self, message: CustomsMessage, text: bytes) -> list[tuple[str, str, bytes]]:
        try:
            table = self._schemas.ceb.table(message.type)
        except SchemaError:
            return []
        issues = CebValidator(table).validate(opened_message(text).text)
        if has_errors(issues):
            return [self._format_receipt(message, issues[0].text)] if self._statuses else []
        receipt = _RECEIPT_OF.get(message.number)
        if receipt is None:
            return []
        statuses = self._signed(message, text) or self._allowed(receipt)
        return [each for node in message.nodes for each in self._receipts(message.number, receipt, node, statuses)]

    def _signed(self, message: CustomsMessage, text: bytes) -> tuple[str, ...]:
        if message.number not in _SIGNED or not self._statuses:
            return ()
        from gateway.codecs.xml_signature import verify

        return () if verify(text).good else (f"-{message.number}029",)

    def _allowed(self, receipt: str) -> tuple[str, ...]:
        """Of the statuses those that the table of the receipt lists."""
        table = self._schemas.ceb.table(f"CEB{receipt}Message")
        listed = next((values for (_, tag), values in table.listed.items() if tag.endswith("returnStatus")), [])
        return tuple(each for each in self._statuses if each in listed or each.startswith("-"))

    def _receipts(
        self, number: str, receipt: str, node: CustomsNode, statuses: tuple[str, ...]
    ) -> list[tuple[str, str, bytes]]:
        begin = dt.datetime.strptime(node.head["appTime"], _TIME)
        key = "|".join((number, *(node.head[name] for name in ("copNo", "orderNo", "logisticsNo", "payTransactionId"))))
        found = []
        for step, status in enumerate(statuses, 1):
            at = (begin + dt.timedelta(seconds=step)).strftime(f"{_TIME}000")
            values = dict(node.head.values) | _numbers(number, key, begin, node.head)
            values |= {"guid": self._guid(), "returnStatus": status, "returnTime": at}
            values["returnInfo"] = _WORDS.get(status, f"[Code:{status}] 处理异常")
            found.append((f"CEB{receipt}Message", status, self._written(f"CEB{receipt}Message", values)))
            if status == "399" and number == "621" and self._tax:
                found.append(("CEB816Message", "1", self._taxed(values, node, at)))
        return found

    def _taxed(self, values: dict[str, str], node: CustomsNode, at: str) -> bytes:
        total = Decimal(0)
        lines = []
        for line in node.lines:
            price = line.number("totalPrice") or Decimal(0)
            vat = (price * _RELIEF).quantize(Decimal("0.01"))
            total += vat
            lines.append({"gnum": line["gnum"], "gcode": line["gcode"], "taxPrice": f"{price:f}", "customsTax": "0"})
            lines[-1] |= {"valueAddedTax": f"{vat:f}", "consumptionTax": "0"}
        names = ("invtNo", "assureCode", "ebcCode", "logisticsCode", "agentCode", "customsCode")
        head = {name: values[name] for name in names if values.get(name)}
        head |= {"guid": self._guid(), "returnTime": at, "taxNo": f"T{values['invtNo']}", "status": "1"}
        head |= {"customsTax": "0", "valueAddedTax": f"{total:f}", "consumptionTax": "0"}
        table = self._schemas.ceb.table("CEB816Message")
        return written(table, self._guid(), [{"TaxHeadRd": head, "TaxListRd": lines}])

    def _format_receipt(self, message: CustomsMessage, text: str) -> tuple[str, str, bytes]:
        head = message.nodes[0].head if message.nodes else Said()
        values = {"guid": self._guid(), "returnStatus": "-2", "returnInfo": f"[Code:0002] {text}"}
        values |= {"returnTime": f"{head['appTime'] or '20260101000000'}500", "oriCopMsgId": message.guid}
        values |= {"oriMessageType": message.type, "oriBizMessage": message.guid}
        return "CEB900Message", "-2", self._written("CEB900Message", values)

    def _written(self, type: str, values: dict[str, str]) -> bytes:
        """With the elements that the message has."""
        table = self._schemas.ceb.table(type)
        place = table.write.structures[table.write.root.children[0].of]
        names = {child.tag.rpartition(":")[2] for child in place.children}
        node: dict[str, Any] = {name: value for name, value in values.items() if name in names}
        return written(table, self._guid(), [node])

    def _wrapped(self, type: str, text: bytes, envelope: DxpMessage | None) -> bytes:
        if envelope is None:
            return text
        to = (envelope.sender,)
        return write_dxp(DxpMessage(self._guid(), envelope.receivers[0], to, envelope.created, type, text))

    def _guid(self) -> str:
        return str(uuid.UUID(int=self._dice.getrandbits(128), version=4)).upper()


def _numbers(number: str, key: str, at: dt.datetime, head: Said) -> dict[str, str]:
    """What customs gives: the same for the same document."""
    serial = uuid.uuid5(uuid.NAMESPACE_URL, key).int % 1_000_000_000
    found = {"preNo": f"B{at:%Y%m%d}{serial:09d}"}
    if number in _LISTS:
        way = "I" if number == "621" else "E"
        found["invtNo"] = f"{head['customsCode']}{at:%Y}{way}{serial:09d}"
    return found
