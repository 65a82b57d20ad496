"""Ways to send mail."""

import asyncio
import socket
import stat
from email import policy
from email.parser import BytesParser
from typing import Self

import pytest

from touchline.adapters.mail import FolderMailer, LogMailer, SmtpMailer, mailer_from
from touchline.features.identity.ports import MailError
from touchline.foundation.settings import Settings

pytestmark = pytest.mark.anyio


class PostOffice:
    """Speaks just enough SMTP to take a mail; `refuses` answers RCPT with an error."""

    def __init__(self, *, refuses: bool = False, is_silent: bool = False) -> None:
        self.refuses, self.is_silent = refuses, is_silent
        self.lines: list[str] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(text: str) -> None:
            writer.write(f"{text}\r\n".encode())
            await writer.drain()

        try:
            if not self.is_silent:
                await self._talk(reader, say)
            else:
                await reader.read()
        finally:
            writer.close()

    async def _talk(self, reader, say) -> None:
        await say("220 here")
        while line := await self._read(reader):
            word = line[:4].upper()
            if word == "DATA":
                await say("354 go on")
                while await self._read(reader) != ".":
                    pass
                await say("250 taken")
            elif word == "QUIT":
                await say("221 bye")
                return
            else:
                await say("550 nobody here" if word == "RCPT" and self.refuses else "250 fine")

    async def _read(self, reader) -> str:
        line = (await reader.readline()).decode().rstrip("\r\n")
        self.lines.append(line)
        return line


def smtp(port: int, **changes) -> SmtpMailer:
    return SmtpMailer(host="127.0.0.1", port=port, sender="club@example.org", starts_tls=False, **changes)


async def test_a_mail_server_gets_the_mail():
    async with PostOffice() as office:
        await smtp(office.port).send("coach@example.org", "Your code", "It is 123456\n")
    text = "\n".join(office.lines)
    assert "rcpt to:<coach@example.org>" in text.lower()
    assert "Subject: Your code" in text
    assert "It is 123456" in text


async def test_a_refusal_is_a_mail_error_without_the_address():
    async with PostOffice(refuses=True) as office:
        with pytest.raises(MailError) as caught:
            await smtp(office.port).send("coach@example.org", "s", "t")
    assert "coach" not in str(caught.value)


async def test_a_server_that_says_nothing_is_given_up():
    async with PostOffice(is_silent=True) as office:
        with pytest.raises(MailError):
            await smtp(office.port, patience_s=0.2).send("coach@example.org", "s", "t")


async def test_a_server_that_is_not_there_is_a_mail_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(MailError):
            await smtp(taken.getsockname()[1]).send("coach@example.org", "s", "t")


async def test_an_address_that_no_header_can_carry_is_a_mail_error(tmp_path):
    with pytest.raises(MailError):
        await FolderMailer(tmp_path).send("a@b\r\nBcc: c@d", "s", "t")
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_gets_a_file_per_mail_that_only_its_owner_reads(tmp_path):
    mailer = FolderMailer(tmp_path / "mail")
    await mailer.send("coach@example.org", "Your code", "It is 123456\n")
    await mailer.send("ünïcode@example.org", "نادي", "⚽\n")
    first, second = sorted((tmp_path / "mail").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in (first, second)} == {0o600}
    assert first.suffix == ".eml"
    mail = BytesParser(policy=policy.default).parsebytes(first.read_bytes())
    assert (mail["To"], mail["Subject"]) == ("coach@example.org", "Your code")
    assert mail.get_content() == "It is 123456\n"
    other = BytesParser(policy=policy.default).parsebytes(second.read_bytes())
    assert (other["Subject"], other.get_content()) == ("نادي", "⚽\n")


async def test_a_folder_that_cannot_be_written_is_a_mail_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MailError):
        await FolderMailer(tmp_path / "file").send("a@b", "s", "t")


async def test_the_log_of_a_developer_shows_the_mail(capsys):
    await LogMailer().send("coach@example.org", "Your code", "It is 123456")
    assert "123456" in capsys.readouterr().out


def test_which_way_is_taken(tmp_path):
    def chosen(*, is_loopback: bool = True, **settings: object):
        return mailer_from(Settings(_env_file=None, **settings), is_loopback=is_loopback)

    server = {"smtp_host": "mail", "smtp_from_email": "a@b.org"}
    assert chosen() is None
    assert chosen(smtp_host="mail") is None
    assert chosen(smtp_from_email="a@b.org") is None
    assert isinstance(chosen(**server), SmtpMailer)
    assert isinstance(chosen(mail_dir=tmp_path, **server), FolderMailer)
    assert isinstance(chosen(email_verification_dev_mode=True), LogMailer)
    assert chosen(email_verification_dev_mode=True, is_loopback=False) is None
