"""The doors of accounts: registration, sign-in, forgotten passwords, who am I, and the public keys."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request

from touchline.features.identity.access import SignedIn
from touchline.features.identity.authenticator import Authenticator
from touchline.features.identity.errors import NotSignedInError
from touchline.features.identity.keys import KeyRing
from touchline.features.identity.schemas import (
    DoneOut,
    EmailIn,
    PendingOut,
    RegisterIn,
    ResetIn,
    TokenOut,
    UserOut,
    VerifyIn,
)
from touchline.features.identity.service import IdentityService
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.provide import provided
from touchline.foundation.http.requirement import Public
from touchline.foundation.http.text import Line, Text

router = APIRouter(tags=["accounts"])

_TRIES = {429: "Too many attempts; the answer says when to come back."}
_MAIL = {503: "No mail could be sent."}

Identity = Annotated[IdentityService, Depends(provided(IdentityService))]


async def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "unknown"


Address = Annotated[str, Depends(_address)]


@router.post(
    "/api/token",
    responses=refusals({401: "Unknown address, or wrong password.", 403: "Not verified, or disabled."} | _TRIES),
)
async def sign_in(
    username: Annotated[Line, Form(max_length=254)],
    password: Annotated[Text, Form(max_length=1024)],
    identity: Identity,
    address: Address,
    _: Public,
) -> TokenOut:
    """Exchange email and password for an access token."""
    return TokenOut(access_token=await identity.sign_in(username, password, address=address))


@router.post("/api/register", responses=refusals({400: "The email is in use."} | _TRIES | _MAIL))
async def register(body: RegisterIn, identity: Identity, address: Address, _: Public) -> PendingOut:
    """Start a registration; a code is mailed."""
    email, detail = await identity.register(body.email, body.password, full_name=body.full_name, address=address)
    return PendingOut(email=email, detail=detail)


@router.post("/api/register/verify", responses=refusals({400: "The code is wrong or has expired."} | _TRIES))
async def verify(body: VerifyIn, identity: Identity, address: Address, _: Public) -> TokenOut:
    """Finish a registration with the mailed code."""
    return TokenOut(access_token=await identity.verify(body.email, body.code, address=address))


@router.post("/api/register/resend", responses=refusals({404: "Nothing waits for a code."} | _TRIES | _MAIL))
async def resend(body: EmailIn, identity: Identity, address: Address, _: Public) -> PendingOut:
    """Mail a new code to a registration that waits for one."""
    email, detail = await identity.resend(body.email, address=address)
    return PendingOut(email=email, detail=detail)


@router.post("/api/password/forgot", responses=refusals(_TRIES))
async def forgot(body: EmailIn, identity: Identity, address: Address, _: Public) -> DoneOut:
    """Mail a reset code, if the address has an account."""
    await identity.forgot(body.email, address=address)
    return DoneOut(detail="If that address has an account, a reset code is on its way.")


@router.post("/api/password/reset", responses=refusals({400: "The code is wrong or has expired."} | _TRIES))
async def reset(body: ResetIn, identity: Identity, address: Address, _: Public) -> DoneOut:
    """Set a new password with a mailed code; signs out everywhere."""
    await identity.reset(body.email, body.code, body.new_password, address=address)
    return DoneOut(detail="Your password has been changed.")


@router.get("/api/users/me")
async def me(by: SignedIn, people: Annotated[Authenticator, Depends(provided(Authenticator))]) -> UserOut:
    """The account of the caller."""
    account = await people.account(by.user_id)
    if account is None:
        raise NotSignedInError
    return UserOut.of(account)


@router.get("/.well-known/jwks.json")
async def public_keys(keys: Annotated[KeyRing, Depends(provided(KeyRing))], _: Public) -> dict[str, Any]:
    """The keys that check access tokens, for services beside this one."""
    return keys.keys().public_document()
