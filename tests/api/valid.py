"""One good request for every door: which row its path names, and a body that a club of ours may send."""

import io
from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image

from api.club import MP4, Club
from api.walk import Door, shape


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(buffer, "PNG")
    return buffer.getvalue()


PNG = _png()
Body = Mapping[str, Any]

# Which row a parameter of a path stands for, by the shape of the path; several where it has several.
ROWS: dict[str, tuple[str, ...]] = {
    "/api/users/{}": ("spare_user",),
    "/api/teams/{}": ("team",),
    "/api/teams/{}/upload_logo": ("team",),
    "/api/staff/{}": ("staff",),
    "/api/players/{}": ("player",),
    "/api/players/{}/upload_image": ("player",),
    "/api/events/{}": ("competition",),
    "/api/formations/{}": ("formation",),
    "/api/matches/{}/video-anchor": ("match",),
    "/api/match_events/{}": ("match_event",),
    "/api/match_lineups/{}": ("lineup",),
    "/api/player_match_statistics/{}": ("statistics",),
    "/api/player_match_statistics/player/{}": ("player",),
    "/api/matches/{}/team_statistics/{}": ("match", "team"),
    "/api/notes/{}": ("note",),
    "/api/reunions/{}": ("reunion",),
    "/api/training_sessions/{}": ("session",),
    "/api/video_segments/{}": ("clip",),
    "/api/analysis_reports/{}": ("report",),
    "/api/analysis_status/{}": ("run",),
    "/api/analysis_history/{}": ("run",),
    "/api/analysis/{}/cancel": ("active_run",),
    "/api/matches/{}/alerts/{}/feedback": ("match", "alert_id"),
    "/api/tracking-profiles/{}": ("profile",),
    "/api/api/tracking-profiles/{}": ("profile",),
    "/ws/alerts/{}": ("match",),
}
_PREFIXES = {"/api/matches/{}": "match", "/api/api/matches/{}": "match", "/api/analysis/{}": "run"}

# What can be deleted without anything that leans on it.
SPARES = {"team": "spare_team", "player": "spare_player", "match": "spare_match"}


def row_ids(club: Club, door: Door, *, spares: bool = False) -> dict[str, str]:
    """Ids of a club's rows for the parameters of a path; with `spares` those of rows that nothing else needs."""
    if "by_name" in door.path:
        return {door.parameters[0]: f"{club.word} Rovers"}
    if door.path.startswith("/static") or not door.parameters:
        return dict.fromkeys(door.parameters, "images/players/x.png")
    kinds = ROWS.get(door.shape) or next((kind,) for prefix, kind in _PREFIXES.items() if door.shape.startswith(prefix))
    if spares:
        kinds = tuple(SPARES.get(kind, kind) for kind in kinds)
    return {name: club.ids[kind] for name, kind in zip(door.parameters, kinds, strict=True)}


def _player(club: Club) -> Body:
    return {
        "team_id": club.ids["team"], "name": "New Player", "position": "GK", "jersey_number": 1,
        "birth_date": "2004-02-29", "dominant_foot": "left", "height_cm": 190, "weight_kg": 80,
        "nationality": "Norway", "country_code": "NO", "image_url": "", "market_value": 1000.5,
    }  # fmt: skip


def _match(club: Club) -> Body:
    return {
        "home_team_id": club.ids["team"], "away_team_id": club.ids["opponent"], "date_time": "2026-08-15T15:30:00",
        "venue": "Here", "event_id": club.ids["competition"], "status": "completed", "home_score": 1, "away_score": 1,
    }  # fmt: skip


def _staff(club: Club) -> Body:
    return {"team_id": club.ids["team"], "name": "New Staff", "role": "analyst", "email": f"new@{club.word}.example"}


def _feedback(club: Club) -> Body:
    return {
        "decision_id": club.ids["decision_id"],
        "action": "DISMISS",
        "match_time": 12.5,
        "match_id": club.ids["match"],
    }


def _planned(club: Club) -> Body:
    return {"title": "Talk", "date": "2026-08-15T15:30:00.000", "icon_name": "shield", "team_id": club.ids["team"]}


def _profile(club: Club) -> Body:
    camera = {
        "label": "Main",
        "video_source": "/sdcard/a.mp4",
        "sync_offset_ms": 20,
        "calibration": [{"u": 1, "v": 2, "x": 3, "y": 4}],
        "roi": [{"label": "pitch", "points": [{"x": 0, "y": 0}, {"x": 1, "y": 0}, {"x": 1, "y": 1}]}],
    }
    return {"name": "Camera", "match_id": club.ids["match"], "engine_settings": {}, "cameras": [camera]}


def _user(club: Club) -> Body:
    return {"email": f"fresh@{club.word}.example", "full_name": "Fresh", "password": "secret1", "is_active": True}


JSON: dict[tuple[str, str], Callable[[Club], Body | None]] = {
    ("POST", "/api/register"): lambda club: {"email": f"r@{club.word}.example", "password": "secret1"},
    ("POST", "/api/register/verify"): lambda club: {"email": f"r@{club.word}.example", "code": "123456"},
    ("POST", "/api/register/resend"): lambda club: {"email": f"r@{club.word}.example"},
    ("POST", "/api/password/forgot"): lambda club: {"email": f"r@{club.word}.example"},
    ("POST", "/api/password/reset"): lambda club: {
        "email": f"r@{club.word}.example",
        "code": "123456",
        "new_password": "secret1",
    },
    ("POST", "/api/auth/google"): lambda _: {"access_token": "a", "id_token": "b"},
    ("POST", "/api/users"): _user,
    ("PUT", "/api/users/{}"): _user,
    ("POST", "/api/teams"): lambda _: {"name": "Guests", "primary_color": None, "secondary_color": "#00FF00"},
    ("PUT", "/api/teams/{}"): lambda _: {"name": "Renamed", "primary_color": "#00FF00", "logo_url": None},
    ("POST", "/api/staff/create_with_account"): lambda club: {**_staff(club), "password": "secret1"},
    ("POST", "/api/staff"): _staff,
    ("PUT", "/api/staff/{}"): _staff,
    ("POST", "/api/players"): _player,
    ("PUT", "/api/players/{}"): _player,
    ("POST", "/api/events"): lambda club: {"name": f"League {club.word}"},
    ("PUT", "/api/events/{}"): lambda club: {"name": f"League {club.word}"},
    ("POST", "/api/formations"): lambda _: {"name": "2-3-5", "description": "old", "positions": [{"x": 0.5, "y": 0.9}]},
    ("PUT", "/api/formations/{}"): lambda _: {"name": "2-3-5", "description": "old", "positions": []},
    ("POST", "/api/matches"): _match,
    ("PUT", "/api/matches/{}"): _match,
    ("POST", "/api/matches/{}/video-anchor"): lambda _: {"video_anchor_seconds": 90},
    ("POST", "/api/match_events"): lambda club: {
        "match_id": club.ids["match"],
        "player_id": club.ids["player"],
        "event_type": "goal",
        "minute": 90,
        "video_timestamp": 1.5,
        "coordinates": "1,2",
    },
    ("PUT", "/api/match_events/{}"): lambda club: {
        "match_id": club.ids["match"],
        "player_id": club.ids["player"],
        "event_type": "assist",
        "minute": 45,
    },
    ("POST", "/api/match_lineups"): lambda club: {
        "id": "",
        "match_id": club.ids["match"],
        "team_id": club.ids["team"],
        "formation_id": club.ids["formation"],
        "is_starting": True,
        "player_id": club.ids["spare_player"],
        "position_in_formation": "0.5000,0.9000",
    },
    ("PUT", "/api/match_lineups/{}"): lambda club: {
        "match_id": club.ids["match"],
        "team_id": club.ids["team"],
        "formation_id": club.ids["formation"],
        "is_starting": False,
        "player_id": club.ids["player"],
        "position_in_formation": "0.5000,0.9000",
    },
    ("POST", "/api/player_match_statistics"): lambda club: {
        "match_id": club.ids["match"],
        "player_id": club.ids["spare_player"],
        "shots": 2,
        "rating": 7.5,
        "notes": "good",
    },
    ("PUT", "/api/player_match_statistics/{}"): lambda club: {
        "match_id": club.ids["match"],
        "player_id": club.ids["player"],
        "shots": 2,
        "player_xg": 0.25,
    },
    ("PUT", "/api/matches/{}/team_statistics/{}"): lambda _: {
        "possession_percentage": 55.5,
        "total_shots": 3,
        "zone_analysis_data": {"left": {"attacks": 1, "shots": 1}},
    },
    ("POST", "/api/matches/{}/notes"): lambda club: {
        "match_id": club.ids["match"],
        "content": "Press higher",
        "note_type": "tactical",
        "video_timestamp": 1.5,
    },
    ("POST", "/api/reunions"): lambda club: {**_planned(club), "location": "Room"},
    ("POST", "/api/training_sessions"): lambda club: {**_planned(club), "focus": "Pressing"},
    ("POST", "/api/video_segments"): lambda club: {
        "match_id": club.ids["match"],
        "event_id": club.ids["match_event"],
        "analysis_report_id": club.ids["report"],
        "start_time_sec": 1,
        "end_time_sec": 2.5,
        "description": "Goal",
        "video_url": None,
    },
    ("PUT", "/api/video_segments/{}"): lambda club: {
        "match_id": club.ids["match"],
        "start_time_sec": 1,
        "end_time_sec": 2.5,
        "description": "Goal",
    },
    ("POST", "/api/analysis_reports"): lambda club: {
        "match_id": club.ids["match"],
        "report_type": "summary",
        "report_data": {"a": 1},
        "generated_by": club.owner.user_id,
    },
    ("PUT", "/api/analysis_reports/{}"): lambda club: {
        "match_id": club.ids["match"],
        "report_type": "summary",
        "report_data": {"a": 2},
    },
    ("PUT", "/api/analysis/{}/teams"): lambda club: {
        "team_a_id": club.ids["team"],
        "team_b_id": club.ids["opponent"],
    },
    ("POST", "/api/decision/feedback"): _feedback,
    ("POST", "/decision/feedback"): _feedback,
    ("POST", "/api/assistant/query"): lambda _: {"question": "who is the best player?"},
    ("POST", "/api/assistant/mode"): lambda _: {"mode": "analysis"},
    ("POST", "/api/tracking-profiles"): _profile,
    ("POST", "/api/api/tracking-profiles"): _profile,
}
NO_BODY = {
    ("POST", "/api/matches/{}/video-anchor/reset"),
    ("POST", "/api/analysis/{}/cancel"),
    ("POST", "/api/analysis/{}/retry"),
    ("POST", "/api/analysis/stale-detection"),
    ("POST", "/api/matches/{}/alerts/{}/feedback"),
}
UPLOADS = {
    ("POST", "/api/teams/{}/upload_logo"): ("logo.png", PNG),
    ("POST", "/api/players/{}/upload_image"): ("face.png", PNG),
    ("POST", "/api/detect"): ("still.png", PNG),
    ("POST", "/api/analyze_match"): ("match.mp4", MP4 + bytes(4000)),
    ("POST", "/api/matches/{}/analyze"): ("match.mp4", MP4 + bytes(4000)),
}
QUERIES: dict[str, Callable[[Club], dict[str, str]]] = {
    "/api/analysis/files": lambda club: {"path": club.paths["run_video"]},
    "/api/analysis/stream": lambda club: {"path": club.paths["run_video"]},
    "/api/analysis/files/json": lambda club: {"path": club.paths["run_json"]},
    "/api/matches/{}/alerts/{}/feedback": lambda _: {"feedback": "accepted"},
}


def content(club: Club, door: Door) -> dict[str, Any]:
    """Arguments for a request with everything that a door asks for besides its path: a body, a form, a query."""
    key = (door.method, door.shape)
    asked: dict[str, Any] = {}
    if shape(door.path) in QUERIES:
        asked["params"] = QUERIES[door.shape](club)
    if key in JSON:
        asked["json"] = JSON[key](club)
    elif key in UPLOADS:
        name, picture = UPLOADS[key]
        asked["files"] = {"file": (name, picture, "application/octet-stream")}
    elif key == ("POST", "/api/token"):
        asked["data"] = {"username": club.owner.email, "password": "correct horse"}
    elif door.method in {"POST", "PUT"}:
        assert key in NO_BODY, f"{door} is new: give it a good body here"
        asked["content"] = b"null"
        asked["headers"] = {"Content-Type": "application/json; charset=UTF-8"}
    return asked
