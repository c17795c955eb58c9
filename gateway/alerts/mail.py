"""Alerts by mail (SMTP, RFC 5321): one mail for each message."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate
from typing import Literal, NamedTuple

from gateway.alerts.message import Message
from gateway.core.errors import ConnectorError, DeliveryRefusedError

Security = Literal["starttls", "tls", "none"]

_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}

#: Seconds for a connection and for each answer.
_SECONDS = 20.0

_PERMANENT = 500  # replies from here on would be the same again


class Account(NamedTuple):
    """How the mail server is spoken to. ``ca``: a file of certificates to trust instead of the usual ones."""

    host: str
    port: int = 0
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    ca: str = ""


class Mail:
    """From one address to others, by one server."""

    name = "mail"

    def __init__(self, account: Account, sender: str, recipients: Sequence[str]) -> None:
        self._account, self._sender, self._recipients = account, sender, tuple(recipients)

    def send(self, message: Message) -> None:
        """Raises ConnectorError, and DeliveryRefusedError when another try would not help."""
        mail = EmailMessage()
        mail["Subject"] = " ".join(message.subject.split())
        mail["From"] = self._sender
        mail["To"] = ", ".join(self._recipients)
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{message.id}@{self._sender.rpartition('@')[2] or 'localhost'}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        try:
            self._send(mail)
        except smtplib.SMTPResponseException as error:
            reply = (
                error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
            )
            text = f"The mail server answered {error.smtp_code} {reply}."
            raise _error(text, permanent=error.smtp_code >= _PERMANENT) from None
        except smtplib.SMTPRecipientsRefused as error:
            code = max(reply[0] for reply in error.recipients.values())
            raise _error(f"The mail server refused all recipients ({code}).", permanent=code >= _PERMANENT) from None
        except (smtplib.SMTPException, OSError) as error:
            raise ConnectorError(f"No mail could be sent: {error}.") from None

    def _send(self, mail: EmailMessage) -> None:
        account = self._account
        port = account.port or _PORTS[account.security]
        if account.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(account.host, port, timeout=_SECONDS, context=self._tls())
        else:
            client = smtplib.SMTP(account.host, port, timeout=_SECONDS)
        with client:
            if account.security == "starttls":  # a server that does not offer it is an error, and gets no password
                client.starttls(context=self._tls())
            if account.user:
                client.login(account.user, account.password)
            client.send_message(mail)

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._account.ca or None)


def _error(text: str, *, permanent: bool) -> ConnectorError:
    return DeliveryRefusedError(text) if permanent else ConnectorError(text)
