"""The door of sign-in with Google."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from touchline.features.identity.google_service import GoogleSignIn
from touchline.features.identity.routes import Address
from touchline.features.identity.schemas import TokenOut
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.provide import provided
from touchline.foundation.http.requirement import Public
from touchline.foundation.http.text import Line

router = APIRouter(tags=["accounts"])

GoogleToken = Annotated[Line, Field(max_length=8192)]


class GoogleIn(BaseModel):
    """Whichever token the client got from Google; of both, the ID token counts."""

    id_token: GoogleToken | None = Field(None, examples=["eyJhbGciOiJSUzI1NiIsImtpZCI6Im..."])
    access_token: GoogleToken | None = Field(None, examples=["ya29.a0AfH6SMBx..."])


@router.post(
    "/api/auth/google",
    responses=refusals(
        {
            400: "Neither token was sent, or Google sign-in is not set up here.",
            401: "Google does not vouch for this token, or the account belongs to another Google account.",
            403: "The account is disabled.",
            429: "Too many bad tokens came from this address.",
            502: "Google cannot be reached.",
        }
    ),
)
async def sign_in_with_google(
    body: GoogleIn, google: Annotated[GoogleSignIn, Depends(provided(GoogleSignIn))], address: Address, _: Public
) -> TokenOut:
    """Exchange a token from Google for an access token; a new address becomes an owner with a team."""
    token = await google.sign_in(id_token=body.id_token, access_token=body.access_token, address=address)
    return TokenOut(access_token=token)
