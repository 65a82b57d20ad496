"""Ways to send mail: a mail server, a folder of `.eml` files, and the log of a developer's machine."""

import asyncio
import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from touchline.features.identity.ports import Mailer, MailError
from touchline.foundation.ids import new_id
from touchline.foundation.logs import get_logger
from touchline.foundation.settings import Settings

log = get_logger(__name__)

PATIENCE_S = 20


@dataclass(frozen=True)
class SmtpMailer:
    """A mail server; each mail is one connection, in a thread, given up after 20 s."""

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = None
    starts_tls: bool = True
    is_tls_from_start: bool = False
    patience_s: float = PATIENCE_S

    async def send(self, to: str, subject: str, text: str) -> None:
        mail = _mail(self.sender, to, subject, text)
        try:
            async with asyncio.timeout(self.patience_s):
                await asyncio.to_thread(self._hand_over, mail)
        except TimeoutError as error:
            raise MailError(f"{self.host} did not answer within {self.patience_s:.0f} s") from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailError(f"{self.host}: {type(error).__name__}") from error

    def _hand_over(self, mail: EmailMessage) -> None:
        context = ssl.create_default_context()
        if self.is_tls_from_start:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.patience_s, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.patience_s)
        with server:
            if self.starts_tls and not self.is_tls_from_start:
                server.starttls(context=context)
            if self.username:
                server.login(self.username, self.password or "")
            server.send_message(mail)


@dataclass(frozen=True)
class FolderMailer:
    """Each mail is a file `<id>.eml` that only its owner can read; ids sort by time."""

    folder: Path
    sender: str = "touchline@localhost"

    async def send(self, to: str, subject: str, text: str) -> None:
        try:
            file = await asyncio.to_thread(self._write, _mail(self.sender, to, subject, text))
        except OSError as error:
            raise MailError(f"{self.folder}: {error.strerror}") from error
        log.info("mail.written", file=str(file))

    def _write(self, mail: EmailMessage) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self.folder / f"{new_id()}.eml"
        draft = file.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(mail.as_bytes())
        draft.replace(file)
        return file


class LogMailer:
    """For development on loopback: the mail stands in the log."""

    async def send(self, to: str, subject: str, text: str) -> None:
        log.warning("mail.logged", to=to, subject=subject, text=text)


def mailer_from(settings: Settings, *, is_loopback: bool) -> Mailer | None:
    """The way to send mail that is set up; None when there is none.

    MAIL_DIR wins over a mail server; the log serves only in development mode, bound to loopback.
    """
    if settings.mail_dir is not None:
        return FolderMailer(settings.mail_dir)
    if settings.smtp_host and settings.smtp_from_email:
        return SmtpMailer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.smtp_from_email,
            username=settings.smtp_username,
            password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
            starts_tls=settings.smtp_use_tls,
            is_tls_from_start=settings.smtp_use_ssl,
        )
    if settings.email_verification_dev_mode and is_loopback:
        return LogMailer()
    return None


def _mail(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    try:
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="touchline.local")
    except ValueError as error:  # an address that no header can carry
        raise MailError("the address cannot be written into a mail") from error
    mail.set_content(text)
    return mail
