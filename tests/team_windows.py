"""Windows of one team as alerting sees them, from a few values."""

from collections.abc import Mapping
from typing import Any

from touchline.engine.alerting.window import TeamWindow
from touchline.engine.types import Metric
from touchline.football.vocabulary import Side

# A window in which nothing stands out, by the broadcast set.
NORMAL: Mapping[str, float] = {
    "defensive_line": 36,
    "defensive_line_oop": 32,
    "width": 38,
    "width_oop": 35,
    "width_ip": 44,
    "length_oop": 21,
    "compactness": 13.0,
    "compactness_oop": 12.2,
    "gap_def_mid": 8.5,
    "pressing_rate": 26,
    "pressing_intensity": 5,
    "siege_s": 4,
    "threat_against": 0.02,
    "avg_speed": 2.6,
}


def window(values: Mapping[str, float], *, side: Side = Side.A, **facts: Any) -> TeamWindow:
    """A well-seen window; `facts` override its other fields."""
    metrics = {name: Metric(float(value), n=300, coverage=0.8, q=0.8) for name, value in values.items()}
    usual: dict[str, Any] = {
        "quality": 0.8,
        "usable_s": 50.0,
        "ip_s": 25.0,
        "oop_s": 25.0,
        "ball_deep_share": 0.2,
        "seen_share": 0.8,
    }
    return TeamWindow(side=side, metrics=metrics, **(usual | facts))
