"""Puts the room together from the ports that the wiring chose."""

from datetime import timedelta

from touchline.features.identity.access import TeamWrites
from touchline.features.identity.authenticator import Authenticator
from touchline.features.identity.codes import Codes
from touchline.features.identity.google_service import GoogleSignIn
from touchline.features.identity.keys import KeyRing
from touchline.features.identity.logo_service import LogoService
from touchline.features.identity.passwords import Passwords
from touchline.features.identity.ports import Google, Limiter, Mailer
from touchline.features.identity.service import IdentityService
from touchline.features.identity.staff_service import StaffService
from touchline.features.identity.team_service import TeamService
from touchline.features.identity.throttle import Throttle
from touchline.features.identity.tokens import Tokens
from touchline.features.identity.user_service import UserService
from touchline.foundation.clock import Clock
from touchline.foundation.db import Database
from touchline.foundation.gallery import Gallery
from touchline.foundation.settings import Settings


def services(
    settings: Settings,
    *,
    clock: Clock,
    database: Database,
    mailer: Mailer | None,
    limiter: Limiter,
    is_loopback: bool,
    google: Google,
    gallery: Gallery,
    keys: KeyRing | None = None,
) -> dict[type, object]:
    """The services of this room by type, for `app.state.services`.

    Args:
        settings: values are taken from it here, nothing keeps it.
        clock: gives the time of tokens and codes.
        database: accounts open short transactions of their own.
        mailer: None where no mail can be sent; registration then answers 503.
        limiter: `NoLimits` where RATE_LIMITS=off counts.
        is_loopback: whether the doors are bound to loopback only; RATE_LIMITS=off counts only then.
        google: is asked only where a client id of Google is set.
        gallery: keeps the logos of teams.
        keys: for tests; None reads settings and data folder, making keys at first start.
    """
    keys = keys or KeyRing.from_settings(settings)
    tokens = Tokens(keys=keys, clock=clock, life=timedelta(minutes=settings.access_token_expire_minutes))
    codes = Codes(
        database=database,
        clock=clock,
        keys=keys,
        mailer=mailer,
        life=timedelta(minutes=settings.email_verification_code_ttl_minutes),
        is_limited=not (settings.rate_limits == "off" and is_loopback),
    )
    passwords, throttle = Passwords(), Throttle(limiter)
    identity = IdentityService(
        database=database, clock=clock, passwords=passwords, tokens=tokens, codes=codes, throttle=throttle
    )
    return {
        KeyRing: keys,
        Tokens: tokens,
        Authenticator: Authenticator(database=database, tokens=tokens),
        IdentityService: identity,
        UserService: UserService(database=database, clock=clock, passwords=passwords, codes=codes, throttle=throttle),
        StaffService: StaffService(database=database, clock=clock, passwords=passwords, throttle=throttle),
        TeamService: TeamService(clock),
        LogoService: LogoService(database, gallery),
        GoogleSignIn: GoogleSignIn(
            database=database,
            clock=clock,
            passwords=passwords,
            tokens=tokens,
            throttle=throttle,
            google=google,
            audiences=settings.google_audiences,
        ),
        TeamWrites: TeamWrites(by_managers_only=settings.authz_team_writes == "managers"),
    }
