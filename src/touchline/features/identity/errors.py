"""What can go wrong with accounts, codes and rights, in words for the person in front of the screen."""

from typing import ClassVar

from touchline.foundation.errors import Kind, TouchlineError


class NotSignedInError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    code = "identity.not_signed_in"
    text = "Could not validate credentials"


class MissingTokenError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    code = "identity.missing_token"
    text = "Missing token"


class InactiveUserError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "identity.inactive"
    text = "Inactive user"


class NotAllowedError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "identity.not_allowed"
    text = "{reason}"


class UnknownAccountError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    code = "identity.unknown_account"
    text = "This account does not exist."


class WrongPasswordError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    code = "identity.wrong_password"
    text = "Incorrect password."


class NotVerifiedError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "identity.not_verified"
    text = "Email not verified: enter the code we mailed you."


class AccountDisabledError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "identity.disabled"
    text = "Account disabled."


class EmailTakenError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "identity.email_taken"
    text = "This email is already in use."


class AccountExistsError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "identity.account_exists"
    text = "This email is already in use."


class AccountNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "identity.account_not_found"
    text = "Account not found."


class OwnAccountError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "identity.own_account"
    text = "You cannot {act} your own account."


class InvalidEmailError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "identity.invalid_email"
    text = "`email`: this is not an email address"


class WeakPasswordError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "identity.weak_password"
    text = "{reason}"


class WrongCodeError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "identity.wrong_code"
    text = "The code is wrong or has expired."


class NothingToVerifyError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "identity.nothing_to_verify"
    text = "Nothing to verify for this address."


class TooManyCodesError(TouchlineError):
    kind: ClassVar[Kind] = Kind.TOO_MANY
    code = "identity.too_many_codes"
    text = "A code was sent a moment ago; wait {wait} before you ask for another."


class TooManyAttemptsError(TouchlineError):
    kind: ClassVar[Kind] = Kind.TOO_MANY
    code = "identity.too_many_attempts"
    text = "Too many attempts; try again in {wait}."


class MailFailedError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code = "identity.mail_failed"
    text = "The verification mail could not be sent."


class CannotSignError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code = "identity.cannot_sign"
    text = "This server holds no signing key; sign in at the classic API."


class KeyUnusableError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code = "identity.key_unusable"
    text = "A key for tokens cannot be used: {where} must hold an RSA key in PEM form."


class KeysNotOursError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "identity.keys_not_ours"
    text = "The keys come from JWT_ settings; make a new pair there and keep the old public key until tokens expire."


class TeamNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "identity.team_not_found"
    text = "Team not found."


class SharedTeamError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "identity.shared_team"
    text = "This team is shared by all clubs; nobody can change it or give it staff."


class TeamInUseError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "identity.team_in_use"
    text = "There are matches of this team; delete them before the team."


class NotYourTeamError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "identity.not_your_team"
    text = "That team is not yours."


class StaffNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "identity.staff_not_found"
    text = "Staff member not found."


class NoStaffAccountError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "identity.no_staff_account"
    text = "An owner's account cannot be given to a staff member."


class AccountInUseError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "identity.account_in_use"
    text = "This account belongs to another staff member already."


class NoOrganisationError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "identity.no_organisation"
    text = "Your account belongs to no club yet; ask the account manager to add you to a team."


class GoogleNotSetUpError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "identity.google_not_set_up"
    text = "Google sign-in is not set up on this server."


class NoGoogleTokenError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "identity.no_google_token"
    text = "Send the id_token or the access_token that Google gave you."


class GoogleRefusedError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    code = "identity.google_refused"
    text = "This Google sign-in cannot be used here; sign in with Google again, or with your password."


class GoogleUnreachableError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UPSTREAM
    code = "identity.google_unreachable"
    text = "Google cannot be reached just now; try again in a moment, or sign in with your password."


def in_words(seconds: int) -> str:
    """A waiting time for a person: `45 seconds`, `3 minutes`, `2 hours`."""
    if seconds <= 1:
        return "a second"
    if seconds < 120:
        return f"{seconds} seconds"
    if seconds < 7200:
        return f"{-(-seconds // 60)} minutes"
    return f"{-(-seconds // 3600)} hours"
