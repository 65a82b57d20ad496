"""What the contract lists: every method and path with the applications that serve it, and who may write.

K: the classic application, A: the analysis application. Written out from the contract by hand, section by section;
nothing here is read from the code.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Listed:
    """A row of the contract. Src: C by the mobile client only, S by the earlier server only, B both, N new."""

    section: str
    method: str
    path: str
    apps: str
    src: str


def _rows(section: str, text: str) -> list[Listed]:
    """One row a line: method, path, apps, src."""
    return [Listed(section, *line.split()) for line in text.strip().splitlines()]


ROUTES: list[Listed] = [
    *_rows(
        "§1",
        """
        GET /                                               K   S
        GET /health                                         KA  S
        GET /healthz                                        A   S
        GET /ready                                          KA  N
        GET /docs                                           KA  S
        GET /openapi.json                                   KA  S
        GET /static/{file:path}                             K   B
        """,
    ),
    *_rows(
        "§2",
        """
        POST /api/token                                     K   B
        POST /api/register                                  K   B
        POST /api/register/verify                           K   B
        POST /api/register/resend                           K   B
        POST /api/password/forgot                           K   B
        POST /api/password/reset                            K   B
        POST /api/auth/google                               K   B
        """,
    ),
    *_rows(
        "§3",
        """
        GET    /api/users/me                                K   B
        GET    /api/users                                   K   S
        POST   /api/users                                   K   S
        GET    /api/users/{id}                              K   S
        PUT    /api/users/{id}                              K   S
        DELETE /api/users/{id}                              K   S
        """,
    ),
    *_rows(
        "§4",
        """
        GET    /api/teams                                   K   B
        POST   /api/teams                                   K   B
        GET    /api/teams/by_name/{name:path}               K   B
        GET    /api/teams/{id}                              K   B
        PUT    /api/teams/{id}                              K   B
        DELETE /api/teams/{id}                              K   S
        POST   /api/teams/{id}/upload_logo                  K   B
        """,
    ),
    *_rows(
        "§5",
        """
        POST   /api/staff/create_with_account               K   B
        POST   /api/staff                                   K   S
        GET    /api/staff                                   K   B
        GET    /api/staff/{id}                              K   B
        PUT    /api/staff/{id}                              K   B
        DELETE /api/staff/{id}                              K   B
        """,
    ),
    *_rows(
        "§6",
        """
        GET    /api/players                                 K   B
        POST   /api/players                                 K   B
        GET    /api/players/{id}                            K   S
        PUT    /api/players/{id}                            K   B
        DELETE /api/players/{id}                            K   S
        POST   /api/players/{id}/upload_image               K   B
        """,
    ),
    *_rows(
        "§7",
        """
        GET    /api/events                                  K   B
        POST   /api/events                                  K   B
        GET    /api/events/{id}                             K   S
        PUT    /api/events/{id}                             K   S
        DELETE /api/events/{id}                             K   B
        """,
    ),
    *_rows(
        "§8",
        """
        GET    /api/formations                              K   B
        POST   /api/formations                              K   S
        GET    /api/formations/{id}                         K   S
        PUT    /api/formations/{id}                         K   S
        DELETE /api/formations/{id}                         K   S
        """,
    ),
    *_rows(
        "§9",
        """
        GET    /api/matches                                 K   B
        POST   /api/matches                                 K   B
        GET    /api/matches/{id}                            K   B
        PUT    /api/matches/{id}                            K   S
        DELETE /api/matches/{id}                            K   S
        GET    /api/matches/{id}/details                    K   B
        POST   /api/matches/{id}/video-anchor               K   B
        POST   /api/matches/{id}/video-anchor/reset         K   B
        """,
    ),
    *_rows(
        "§10",
        """
        GET    /api/match_events                            K   S
        POST   /api/match_events                            K   S
        GET    /api/match_events/{id}                       K   S
        PUT    /api/match_events/{id}                       K   S
        DELETE /api/match_events/{id}                       K   S
        GET    /api/match_lineups                           K   B
        POST   /api/match_lineups                           K   B
        DELETE /api/match_lineups/{id}                      K   B
        GET    /api/match_lineups/{id}                      K   S
        PUT    /api/match_lineups/{id}                      K   S
        GET    /api/player_match_statistics                 K   B
        GET    /api/player_match_statistics/player/{id}     K   B
        POST   /api/player_match_statistics                 K   S
        GET    /api/player_match_statistics/{id}            K   S
        PUT    /api/player_match_statistics/{id}            K   S
        DELETE /api/player_match_statistics/{id}            K   S
        GET    /api/matches/{id}/team_statistics            K   S
        PUT    /api/matches/{id}/team_statistics/{team_id}  K   N
        """,
    ),
    *_rows(
        "§11",
        """
        POST   /api/matches/{id}/notes                      K   B
        GET    /api/matches/{id}/notes                      K   B
        DELETE /api/notes/{id}                              K   B
        """,
    ),
    *_rows(
        "§12",
        """
        GET    /api/reunions                                K   B
        POST   /api/reunions                                K   B
        DELETE /api/reunions/{id}                           K   B
        GET    /api/training_sessions                       K   B
        POST   /api/training_sessions                       K   B
        DELETE /api/training_sessions/{id}                  K   B
        """,
    ),
    *_rows(
        "§13",
        """
        GET    /api/video_segments                          K   S
        POST   /api/video_segments                          K   S
        GET    /api/video_segments/{id}                     K   S
        PUT    /api/video_segments/{id}                     K   S
        DELETE /api/video_segments/{id}                     K   S
        GET    /api/analysis_reports                        K   S
        POST   /api/analysis_reports                        K   S
        GET    /api/analysis_reports/{id}                   K   S
        PUT    /api/analysis_reports/{id}                   K   S
        DELETE /api/analysis_reports/{id}                   K   S
        """,
    ),
    *_rows(
        "§14",
        """
        POST   /api/matches/{id}/analyze                    K   B
        GET    /api/analysis/{id}/status                    K   B
        GET    /api/matches/{id}/analysis                   K   B
        """,
    ),
    *_rows(
        "§15",
        """
        POST   /api/analyze_match                           A   B
        GET    /api/analysis_status/{id}                    A   B
        GET    /api/analysis_history                        A   B
        DELETE /api/analysis_history/{id}                   A   B
        POST   /api/analysis/{id}/cancel                    A   B
        POST   /api/analysis/{id}/retry                     A   B
        POST   /api/analysis/stale-detection                A   S
        POST   /api/detect                                  A   S
        """,
    ),
    *_rows(
        "§16",
        """
        GET    /api/analysis/{id}/segments                  KA  B
        GET    /api/matches/{id}/segments                   KA  B
        DELETE /api/analysis/{id}/segments                  KA  S
        DELETE /api/matches/{id}/segments                   KA  S
        GET    /api/analysis/{id}/segments/stream           KA  B
        GET    /api/matches/{id}/segments/stream            KA  S
        """,
    ),
    *_rows(
        "§17",
        """
        GET    /api/analysis/files                          A   B
        HEAD   /api/analysis/files                          A   B
        GET    /api/analysis/stream                         A   B
        HEAD   /api/analysis/stream                         A   B
        GET    /api/analysis/files/json                     A   B
        GET    /api/analysis/{id}/links                     A   N
        """,
    ),
    *_rows(
        "§18",
        """
        GET    /api/matches/{id}/alerts                     K   B
        POST   /api/decision/feedback                       K   B
        POST   /decision/feedback                           K   S
        POST   /api/matches/{id}/alerts/{alert_id}/feedback K   S
        GET    /api/decision/metrics                        K   B
        GET    /decision/metrics                            K   S
        WS     /ws/alerts/{match_id}                        K   B
        """,
    ),
    *_rows(
        "§19",
        """
        POST   /api/assistant/query                         K   B
        GET    /api/assistant/mode                          K   S
        POST   /api/assistant/mode                          K   S
        """,
    ),
    *_rows(
        "§20",
        """
        POST   /api/tracking-profiles                       KA  B
        GET    /api/tracking-profiles/{id}                  KA  S
        GET    /api/matches/{id}/tracking-profiles          KA  B
        POST   /api/api/tracking-profiles                   KA  C
        GET    /api/api/tracking-profiles/{id}              KA  C
        GET    /api/api/matches/{id}/tracking-profiles      KA  C
        """,
    ),
]

BEYOND = {
    ("GET", "/docs/oauth2-redirect"): "comes with the pages of documentation",
    ("HEAD", "/docs"): "comes with the pages of documentation",
    ("HEAD", "/openapi.json"): "comes with the pages of documentation",
    ("HEAD", "/docs/oauth2-redirect"): "comes with the pages of documentation",
    ("HEAD", "/static/{}"): "pictures are asked about before they are fetched",
    ("GET", "/.well-known/jwks.json"): "the keys that check tokens (rules 2.4)",
    ("GET", "/metrics"): "counters for a monitor (rules 2.4)",
    ("PUT", "/api/analysis/{}/teams"): "which teams A and B of a run are (design, process model)",
}
"""What runs beside the contract's list, with its reason; methods and shapes of paths."""


# rules 2.3: what each role effectively holds.
RIGHTS = {
    "account_manager": {
        "accounts.read", "accounts.create", "accounts.update", "accounts.delete",
        "football.read", "football.write", "analysis.run", "notes.read", "notes.write",
    },
    "coach": {"football.read", "football.write", "analysis.run", "notes.read", "notes.write"},
    "assistant_coach": {"football.read", "football.write", "analysis.run", "notes.read"},
    "analyst": {"football.read", "analysis.run", "notes.read", "notes.write"},
    "player": {"football.read"},
}  # fmt: skip

MANAGER = {"account_manager"}
EVERYONE = set(RIGHTS)


def holders(*rights: str) -> set[str]:
    """The roles that hold at least one of these rights."""
    return {role for role, held in RIGHTS.items() if held & set(rights)}


_WRITE = holders("football.write")
_WRITE_OR_RUN = holders("football.write", "analysis.run")
_RUN = holders("analysis.run")
_CHANGES_RUN = MANAGER  # or who uploaded it: the matrix uploads as the account manager

WRITERS: dict[tuple[str, str], set[str]] = {
    # rules 2.4 and the columns Auth of sections 3 to 20: who may write, when the row is in his scope.
    ("POST", "/api/users"): MANAGER,
    ("PUT", "/api/users/{}"): MANAGER,
    ("DELETE", "/api/users/{}"): MANAGER,
    ("POST", "/api/teams"): MANAGER | _WRITE,
    ("PUT", "/api/teams/{}"): MANAGER,
    ("DELETE", "/api/teams/{}"): MANAGER,
    ("POST", "/api/teams/{}/upload_logo"): MANAGER,
    ("POST", "/api/staff/create_with_account"): MANAGER,
    ("POST", "/api/staff"): MANAGER,
    ("PUT", "/api/staff/{}"): MANAGER,
    ("DELETE", "/api/staff/{}"): MANAGER,
    ("POST", "/api/players"): _WRITE,
    ("PUT", "/api/players/{}"): _WRITE,
    ("DELETE", "/api/players/{}"): _WRITE,
    ("POST", "/api/players/{}/upload_image"): _WRITE,
    ("POST", "/api/events"): _WRITE,
    ("PUT", "/api/events/{}"): _WRITE,
    ("DELETE", "/api/events/{}"): _WRITE,
    ("POST", "/api/formations"): _WRITE,
    ("PUT", "/api/formations/{}"): MANAGER,  # or its creator: the matrix's row is the account manager's
    ("DELETE", "/api/formations/{}"): MANAGER,
    ("POST", "/api/matches"): _WRITE,
    ("PUT", "/api/matches/{}"): _WRITE,
    ("DELETE", "/api/matches/{}"): _WRITE,
    ("POST", "/api/matches/{}/video-anchor"): _WRITE_OR_RUN,
    ("POST", "/api/matches/{}/video-anchor/reset"): MANAGER,
    ("POST", "/api/match_events"): _WRITE,
    ("PUT", "/api/match_events/{}"): _WRITE,
    ("DELETE", "/api/match_events/{}"): _WRITE,
    ("POST", "/api/match_lineups"): _WRITE,
    ("PUT", "/api/match_lineups/{}"): _WRITE,
    ("DELETE", "/api/match_lineups/{}"): _WRITE,
    ("POST", "/api/player_match_statistics"): _WRITE,
    ("PUT", "/api/player_match_statistics/{}"): _WRITE,
    ("DELETE", "/api/player_match_statistics/{}"): _WRITE,
    ("PUT", "/api/matches/{}/team_statistics/{}"): _WRITE_OR_RUN,
    ("POST", "/api/matches/{}/notes"): holders("notes.write"),
    ("DELETE", "/api/notes/{}"): EVERYONE,  # his own
    ("POST", "/api/reunions"): _WRITE,
    ("DELETE", "/api/reunions/{}"): _WRITE,
    ("POST", "/api/training_sessions"): _WRITE,
    ("DELETE", "/api/training_sessions/{}"): _WRITE,
    ("POST", "/api/video_segments"): _WRITE_OR_RUN,
    ("PUT", "/api/video_segments/{}"): _WRITE_OR_RUN,
    ("DELETE", "/api/video_segments/{}"): _WRITE_OR_RUN,
    ("POST", "/api/analysis_reports"): _WRITE_OR_RUN,
    ("PUT", "/api/analysis_reports/{}"): _WRITE_OR_RUN,
    ("DELETE", "/api/analysis_reports/{}"): _WRITE_OR_RUN,
    ("POST", "/api/matches/{}/analyze"): _RUN,
    ("POST", "/api/analyze_match"): _RUN,
    ("DELETE", "/api/analysis_history/{}"): _CHANGES_RUN,
    ("POST", "/api/analysis/{}/cancel"): _CHANGES_RUN,
    ("POST", "/api/analysis/{}/retry"): _CHANGES_RUN,
    ("POST", "/api/analysis/stale-detection"): _RUN,
    ("POST", "/api/detect"): _RUN,
    ("PUT", "/api/analysis/{}/teams"): _RUN,
    ("DELETE", "/api/analysis/{}/segments"): _CHANGES_RUN,
    ("DELETE", "/api/matches/{}/segments"): _CHANGES_RUN,
    ("POST", "/api/decision/feedback"): _WRITE_OR_RUN,
    ("POST", "/decision/feedback"): _WRITE_OR_RUN,
    ("POST", "/api/matches/{}/alerts/{}/feedback"): _WRITE_OR_RUN,
    ("POST", "/api/assistant/query"): EVERYONE,
    ("POST", "/api/assistant/mode"): MANAGER,
    ("POST", "/api/tracking-profiles"): _RUN,
    ("POST", "/api/api/tracking-profiles"): _RUN,
}
