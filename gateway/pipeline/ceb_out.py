"""A customs message as a file: written by its table, judged by the stricter reading, signed, put into its envelope."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gateway.agreements import Agreement
from gateway.codecs.ceb import CEB
from gateway.codecs.dxp import DxpMessage, write_dxp
from gateway.codecs.xml_text import decoded
from gateway.core.errors import ConfigurationError, ConnectorError, SchemaError, UnwritableError
from gateway.core.issues import Issue
from gateway.grammar.ceb_validator import CebValidator
from gateway.grammar.ceb_writer import Transfer, written
from gateway.handlers.customs.leaving import CHINA
from gateway.handlers.customs.message import decoded_message, values_of
from gateway.pipeline.context import Context
from gateway.pipeline.judging import as_agreed, as_received
from gateway.pipeline.single import SingleFile
from gateway.pipeline.unchecked import unchecked


def ceb_file(row: Any, agreement: Agreement, context: Context, at: int) -> SingleFile:
    """One message of an agreement; ``at`` is the time in microseconds. Whatever goes wrong, it alone stops."""
    try:
        return _file(row, agreement, context, at)
    except SchemaError as error:
        return SingleFile(hold=unchecked(error, agreement, agreement.version, agreement.type, context.schemas))
    except UnwritableError as error:
        return SingleFile(hold=error.issue)
    except (ConfigurationError, ConnectorError) as error:
        return SingleFile(hold=Issue("CUS-SIGNER", params={"reason": error.detail.rstrip(".")}))


def _file(row: Any, agreement: Agreement, context: Context, at: int) -> SingleFile:
    message = decoded_message(bytes(row.body))
    table = context.schemas.ceb.table(message.type)
    sides = [_address(context, party) for party in (agreement.with_, agreement.party)]
    own = context.agreements.party(agreement.with_)
    transfer = Transfer(agreement.customs.cop_code, agreement.customs.cop_name or own.name, sides[0])
    body = written(table, message.guid, [values_of(table, node) for node in message.nodes], transfer)
    signer = context.signer(agreement)
    if signer is not None:
        from gateway.codecs.xml_signature import sign  # lxml and keys: only who signs needs them

        body = sign(body, signer)  # it is the last in imports and exports, for we write no ExtendMessage
    judged = as_agreed(CebValidator(table, outgoing=True).validate(decoded(body)), agreement)
    hold = as_received(judged, agreement)
    if hold is not None:
        return SingleFile(hold=hold, remarks=judged)
    if agreement.customs.form == "dxp":
        created = dt.datetime.fromtimestamp(at // 1_000_000, CHINA).strftime("%Y-%m-%dT%H:%M:%S")
        body = write_dxp(DxpMessage(message.id, sides[0], (sides[1],), created, message.type, body))
    return SingleFile(
        body=body,
        remarks=judged,
        reference=message.guid,
        control_number=message.guid,
        sender=sides[0],
        receiver=sides[1],
        schema_digest=table.write.digest,
    )


def _address(context: Context, party: str) -> str:
    identity = context.agreements.party(party).identity(CEB)
    return identity.identifier if identity is not None else party
