"""How the mobile client reads answers: its casts, which throw on any other type, and its look-ups without a fallback."""

import base64
import json
from datetime import date, datetime
from typing import Any

Json = dict[str, Any]

ROLES = {"head_coach", "assistant_coach", "physio", "analyst", "player", None}
LEVELS = {"full_access", "view_only", "notes_only"}
APP_ROLES = {"account_manager", "coach", "assistant_coach", "analyst", "player"}
SEVERITIES = {"LOW", "MEDIUM", "HIGH", "CRITICAL"}
STATES = {"PENDING", "QUEUED", "PROCESSING", "COMPLETED", "FAILED"}


def text(value: Any) -> str:
    assert type(value) is str, value
    return value


def filled(value: Any) -> str:
    assert text(value), value
    return value


def maybe_text(value: Any) -> str | None:
    return None if value is None else text(value)


def num(value: Any) -> float:
    assert type(value) in {int, float}, value
    return value


def maybe_num(value: Any) -> float | None:
    return None if value is None else num(value)


def integer(value: Any) -> int:
    assert type(value) is int, value
    return value


def maybe_integer(value: Any) -> int | None:
    return None if value is None else integer(value)


def boolean(value: Any) -> bool:
    assert type(value) is bool, value
    return value


def record(value: Any) -> Json:
    assert type(value) is dict, value
    return value


def maybe_record(value: Any) -> Json | None:
    return None if value is None else record(value)


def items(value: Any) -> list[Any]:
    assert type(value) is list, value
    return value


def instant(value: Any) -> datetime:
    assert text(value).endswith("Z"), value
    return datetime.fromisoformat(value)


def wall_clock(value: Any) -> datetime:
    at = datetime.fromisoformat(text(value))
    assert at.tzinfo is None, value
    return at


def token_claims(token: str) -> Json:
    """What the client decodes without checking."""
    payload = token.split(".")[1]
    claims = record(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
    assert text(claims["user_type"]) in {"owner", "staff"}
    assert text(claims["app_role"]) in APP_ROLES
    assert all(text(one) for one in items(claims["app_permissions"]))
    for name in ("staff_id", "team_id", "permission_level", "role"):
        maybe_text(claims.get(name))
    filled(claims["sub"])
    return claims


def token(answer: Json) -> str:
    assert answer["token_type"] == "bearer"
    token_claims(text(answer["access_token"]))
    return text(answer["access_token"])


def user(answer: Json) -> Json:
    filled(answer["id"]), filled(answer["email"]), boolean(answer["is_active"]), instant(answer["created_at"])
    maybe_text(answer["full_name"]), text(answer["user_type"])
    if answer["last_login"] is not None:
        instant(answer["last_login"])
    return answer


def team(answer: Json) -> Json:
    filled(answer["id"]), filled(answer["name"]), maybe_text(answer["user_id"]), instant(answer["created_at"])
    for color in (maybe_text(answer["primary_color"]), maybe_text(answer["secondary_color"])):
        if color is not None:
            assert len(color) >= 7, color
            int(color[1:7], 16)
    assert (maybe_text(answer["logo_url"]) or "/static/").startswith("/static/")
    return answer


def staff(answer: Json) -> Json:
    filled(answer["id"]), filled(answer["name"]), maybe_text(answer["team_id"]), maybe_text(answer["user_id"])
    assert answer["role"] in ROLES
    assert answer["permission_level"] in LEVELS
    maybe_text(answer["email"])
    return answer


def player(answer: Json) -> Json:
    filled(answer["id"]), filled(answer["name"]), maybe_text(answer["team_id"])
    assert answer["position"] in {"GK", "DEF", "MID", "FWD", None}
    assert answer["dominant_foot"] in {"left", "right", None}
    for name in ("jersey_number", "height_cm", "weight_kg"):
        maybe_integer(answer[name])
    for name in ("nationality", "country_code", "image_url"):
        maybe_text(answer[name])
    maybe_num(answer["market_value"])
    if answer["birth_date"] is not None:
        date.fromisoformat(answer["birth_date"])
    return answer


def competition(answer: Json) -> Json:
    filled(answer["id"]), filled(answer["name"]), instant(answer["created_at"])
    return answer


def formation(answer: Json) -> Json:
    filled(answer["id"]), filled(answer["name"]), maybe_text(answer["description"]), maybe_text(answer["user_id"])
    instant(answer["created_at"])
    if answer["positions"] is not None:
        items(answer["positions"])
    return answer


def match(answer: Json) -> Json:
    for name in ("id", "home_team_id", "away_team_id"):
        filled(answer[name])
    for name in ("home_team_name", "away_team_name", "venue", "event_id", "event_name"):
        maybe_text(answer[name])
    integer(answer["home_score"]), integer(answer["away_score"]), wall_clock(answer["date_time"])
    assert answer["status"] in {"upcoming", "live", "completed"}
    maybe_integer(answer["video_anchor_seconds"])
    return answer


def match_event(answer: Json) -> Json:
    filled(answer["id"]), maybe_text(answer["match_id"]), maybe_text(answer["player_id"]), integer(answer["minute"])
    filled(answer["event_type"]), maybe_num(answer["video_timestamp"]), maybe_text(answer["coordinates"])
    return answer


def lineup(answer: Json) -> Json:
    for name in ("id", "match_id", "team_id", "player_id"):
        filled(answer[name])
    maybe_text(answer["formation_id"]), boolean(answer["is_starting"]), _place(answer["position_in_formation"])
    return answer


def _place(value: Any) -> None:
    if maybe_text(value):
        assert all(0 <= float(part) <= 1 for part in value.split(","))


def player_statistics(answer: Json) -> Json:
    for name in ("id", "match_id", "player_id"):
        filled(answer[name])
    for name in ("minutes_played", "shots", "shots_on_target", "passes", "accurate_passes", "tackles", "interceptions",
                 "clearances", "saves", "fouls_committed", "fouls_suffered", "offsides", "sprint_count", "key_passes",
                 "progressive_carries"):  # fmt: skip
        maybe_integer(answer[name])
    for name in ("distance_covered_km", "sprint_distance_m", "avg_speed_kmh", "max_speed_kmh", "player_xg",
                 "press_resistance_success_rate", "defensive_coverage_km", "rating"):  # fmt: skip
        maybe_num(answer[name])
    maybe_text(answer["notes"])
    return answer


def team_statistics(answer: Json) -> Json:
    for name in ("id", "match_id", "team_id"):
        filled(answer[name])
    for name in ("total_shots", "shots_on_target", "pressures", "final_third_passes"):
        maybe_integer(answer[name])
    maybe_num(answer["possession_percentage"]), maybe_num(answer["expected_goals"])
    for name in ("pass_network_data", "zone_analysis_data", "tactical_weakness_data", "high_turnover_zones_data",
                 "set_piece_xg_breakdown_data", "transition_speed_data", "build_up_patterns",
                 "defensive_block_patterns"):  # fmt: skip
        maybe_record(answer[name])
    return answer


def details(answer: Json) -> Json:
    """The page of a match: six keys, and one row of team statistics for each side, looked up without a fallback."""
    info = match(record(answer["match_info"]))
    for side in ("home", "away"):
        shown = record(answer[f"{side}_lineup"])
        filled(shown["team_id"]), text(shown["team_name"])
        if shown["formation"] is not None:
            formation(shown["formation"])
        for one in items(shown["players"]):
            player(one), _place(one["position_in_formation"])
        assert len([row for row in items(answer["team_stats"]) if row["team_id"] == info[f"{side}_team_id"]]) == 1
    minutes = [match_event(one)["minute"] for one in items(answer["events"])]
    assert minutes == sorted(minutes)
    for row in items(answer["player_stats"]):
        player_statistics(row)
    for row in answer["team_stats"]:
        team_statistics(row)
    return answer


def note(answer: Json) -> Json:
    for name in ("id", "match_id", "user_id", "content"):
        filled(answer[name])
    assert answer["note_type"] in {"pre_match", "live_reaction", "tactical"}
    num(answer["video_timestamp"]), instant(answer["created_at"])
    maybe_text(answer["author_name"]), maybe_text(answer["author_role"])
    return answer


def appointment(answer: Json, place: str) -> Json:
    filled(answer["id"]), filled(answer["title"]), wall_clock(answer["date"])
    text(answer[place]), text(answer["icon_name"]), maybe_text(answer["team_id"])
    return answer


def run(answer: Json) -> Json:
    """A row of the history, and the status of a run."""
    assert len(filled(answer["analysis_id"])[0:6]) == 6
    maybe_text(answer["match_id"]), maybe_text(answer["input_video_name"]), text(answer["message"])
    assert answer["status"] in STATES
    assert 0 <= num(answer["progress"]) <= 1
    outputs(answer["outputs"])
    assert (maybe_text(answer["input_video_path"]) or "temp_uploads/").startswith("temp_uploads/")
    for name in ("submitted_at", "completed_at"):
        if answer[name] is not None:
            instant(answer[name])
    boolean(answer["is_cancelled"])
    return answer


def outputs(answer: Any) -> Json:
    """A key that is there is a text or a number, never null or empty."""
    for name, value in record(answer).items():
        if name.endswith("_path") or name in {"output_video", "original_video"}:
            assert filled(value).startswith(("outputs/", "temp_uploads/", "http")), (name, value)
        else:
            num(value)
    return answer


def live_stats(answer: Json) -> None:
    for row in (maybe_record(answer.get("live_stats")) or {}).values():
        num(record(row)["distance"])


def job(answer: Json) -> Json:
    filled(answer["job_id"]), num(answer["progress"]), text(answer["message"]), outputs(answer["outputs"])
    assert answer["status"] in STATES
    return answer


def segment(answer: Json) -> Json:
    filled(answer["id"]), filled(answer["match_id"]), integer(answer["segment_index"])
    for name in ("start_sec", "end_sec", "video_start_sec"):
        assert num(answer[name]) >= 0
    shown = record(answer["analysis_json"])
    for side in ("team_a", "team_b"):
        for name, value in record(shown[side]).items():
            if (
                name in {"defensive_line", "width", "compactness", "avg_speed", "pressing_intensity"}
                and value is not None
            ):
                assert num(value) >= 0
        for one in items(shown[f"{side}_tags"]):
            text(one["tag"]), text(one["description"])
    if answer["segment_index"] % 3 == 0:
        maybe_text(shown.get("tactical_narrative"))
    maybe_text(answer["recommendation"])
    assert 0 <= num(answer["severity_score"]) <= 1
    assert answer["severity_label"] in SEVERITIES
    return answer


def alert(answer: Json) -> Json:
    for name in ("alert_id", "decision_id", "match_id", "timestamp", "category", "decision_type", "action"):
        text(answer[name])
    assert 0 <= num(answer["severity_score"]) <= 1
    assert answer["severity_label"] in {"LOW", "MODERATE", "HIGH", "CRITICAL"}
    assert answer["status"] in {"ACTIVE", "MONITORING", "RESOLVED", "ESCALATED", "PENDING"}
    maybe_num(answer["match_time"]), num(answer["review_countdown"]), num(answer["category_trigger_count"])
    maybe_text(answer.get("trigger_metric")), maybe_text(answer.get("recommended_action"))
    assert answer.get("feedback", "none") in {"none", "accepted", "dismissed"}
    for name in ("decision_effective", "decision_failed", "escalation_after_dismiss"):
        assert answer.get(name) is None or (type(answer[name]) is int and answer[name] in {0, 1}), answer[name]
    for one in answer.get("players") or []:
        integer(one["id"]), num(one["x"]), num(one["y"])
        assert one["team"] in {"A", "B"}
    return answer


def flow(answer: Json) -> Json:
    assert answer["type"] == "flow_analysis"
    for name in ("analysis", "momentum", "warning", "recommendation"):
        text(answer[name])
    assert 0 <= num(answer["confidence"]) <= 1
    assert [integer(one) for one in items(answer["segment_range"])] == sorted(answer["segment_range"])
    return answer


def metrics(answer: Json) -> Json:
    shown = record(answer["summary"])
    integer(shown["total_feedbacks"])
    for name in ("acceptance_rate", "dismissal_rate", "effectiveness_rate", "escalation_after_dismiss_rate"):
        assert 0 <= num(shown[name]) <= 1
    for row in items(answer["by_decision_type"]):
        text(row["decision_type"]), integer(row["total_feedbacks"]), num(row["effectiveness_rate"])
    return answer


def profile(answer: Json) -> Json:
    filled(answer["id"]), maybe_text(answer["match_id"]), filled(answer["name"]), boolean(answer["is_active"])
    maybe_record(answer["engine_settings"]), instant(answer["created_at"])
    for camera in items(answer["cameras"]):
        for name in ("id", "profile_id", "label", "video_source"):
            text(camera[name])
        integer(camera["sync_offset_ms"]), integer(camera["order_index"])
        for point in items(camera["calibration"]):
            assert all(type(point[name]) in {int, float} for name in ("u", "v", "x", "y"))
        for zone in items(camera["roi"]):
            text(zone["label"])
            assert all(num(point["x"]) <= 1 and num(point["y"]) <= 1 for point in items(zone["points"]))
    return answer


def said(answer: Json) -> str:
    """What the chat shows: `message` while a live analysis runs, else `answer`."""
    return filled(answer["message"] if answer["status"] == "analysis_mode" else answer["answer"])
