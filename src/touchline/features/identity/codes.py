"""Mailed codes: opened with a cool-down, mailed outside any transaction, taken back when the mail fails."""

from dataclasses import dataclass
from datetime import timedelta

from touchline.features.identity import account_queries as queries
from touchline.features.identity.accounts import OpenCode
from touchline.features.identity.errors import CannotSignError, MailFailedError, TooManyCodesError, in_words
from touchline.features.identity.keys import KeyRing
from touchline.features.identity.ports import Mailer, MailError
from touchline.features.identity.rules import CodeKind, code_hash, new_code, same_code, wait_before_next_code
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection, Database
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

_SUBJECT = {
    CodeKind.VERIFICATION: "Your Touchline verification code",
    CodeKind.RESET: "Your Touchline password reset code",
}
_TEXT = {
    CodeKind.VERIFICATION: (
        "Your verification code is {code}\n\n"
        "Enter it in Touchline within {minutes} minutes to activate your account.\n"
        "If you did not register, ignore this mail: without the code nothing happens.\n"
    ),
    CodeKind.RESET: (
        "Your password reset code is {code}\n\n"
        "Enter it in Touchline within {minutes} minutes together with your new password.\n"
        "If you did not ask for it, ignore this mail: your password stays as it is.\n"
    ),
}


@dataclass(frozen=True)
class Codes:
    """Sends codes and checks them.

    mailer: None where no mail can be sent at all.
    is_limited: False lifts the cool-down and the daily limit, never the five attempts.
    """

    database: Database
    clock: Clock
    keys: KeyRing
    mailer: Mailer | None
    life: timedelta
    is_limited: bool

    def require_mail(self) -> None:
        """Refuse early where no mail can be sent.

        Raises:
            MailFailedError: neither a mail server nor a mail folder is set up.
        """
        if self.mailer is None:
            log.warning("mail.not_set_up", way_out="set MAIL_DIR, or SMTP_HOST and SMTP_FROM_EMAIL")
            raise MailFailedError

    async def send(self, user_id: str, email: str, kind: CodeKind) -> None:
        """Open a new code for an account and mail it.

        Raises:
            TooManyCodesError: under 60 s after the last one, or the eleventh of the day.
            MailFailedError: it could not be mailed; another may be asked for at once.
        """
        self.require_mail()
        code = await self._open(user_id, kind)
        try:
            await self._mail(email, kind, code)
        except MailError as error:
            log.warning("mail.failed", kind=kind.value, user_id=user_id, error=str(error))
            async with self.database.begin() as db:
                await queries.withdraw_code(db, user_id, kind)
            raise MailFailedError from error

    async def take(self, db: Connection, user_id: str, kind: CodeKind, given: str) -> OpenCode | None:
        """Check a code, using up one attempt; None when it is wrong, expired, used or void.

        The caller commits also when the answer is None: the attempt counts.
        """
        opened = await queries.take_attempt(db, user_id, kind)
        if opened is None or opened.code_hash is None or opened.expires_at is None:
            return None
        is_right = same_code(opened.code_hash, code_hash(self._secret(), kind, user_id, given.strip()))
        return opened if is_right and self.clock.now() < opened.expires_at else None

    async def _open(self, user_id: str, kind: CodeKind) -> str:
        now = self.clock.now()
        code = new_code()
        async with self.database.begin() as db:
            before = await queries.codes_sent(db, user_id, kind)
            wait = wait_before_next_code(before, now) if self.is_limited else None
            is_stored = wait is None and await queries.store_code(
                db,
                user_id,
                kind,
                before=before,
                code_hash=code_hash(self._secret(), kind, user_id, code),
                expires_at=now + self.life,
                now=now,
                is_limited=self.is_limited,
            )
        if not is_stored:
            seconds = 60 if wait is None else int(wait.total_seconds()) + 1
            raise TooManyCodesError(wait=in_words(seconds), retry_after_s=seconds)
        return code

    async def _mail(self, email: str, kind: CodeKind, code: str) -> None:
        assert self.mailer is not None
        minutes = int(self.life.total_seconds() // 60)
        await self.mailer.send(email, _SUBJECT[kind], _TEXT[kind].format(code=code, minutes=minutes))

    def _secret(self) -> bytes:
        try:
            return self.keys.keys().secret("touchline.codes")
        except LookupError as error:
            raise CannotSignError from error
