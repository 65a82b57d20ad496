"""English texts. Every key and its slots must exist in all languages; a test compares them."""

ENGLISH: dict[str, tuple[str, ...]] = {
    # Words
    "team.A": ("Team A",),
    "team.B": ("Team B",),
    "risk.LOW": ("low",),
    "risk.MODERATE": ("moderate",),
    "risk.HIGH": ("high",),
    "risk.CRITICAL": ("critical",),
    "unit.m": (" m",),
    "unit.m2": (" m²",),
    "unit.mps": (" m/s",),
    "unit.per_min": ("/min",),
    "unit.s": (" s",),
    "unit.xt": (" xT",),
    "unit.none": ("",),
    "word.deeper": ("deeper",),
    "word.higher": ("higher",),
    "word.compact": ("compact",),
    "word.loose": ("loose",),
    "side.left": ("the left",),
    "side.center": ("the centre",),
    "side.right": ("the right",),
    "third.A": ("Team A's third",),
    "third.middle": ("midfield",),
    "third.B": ("Team B's third",),
    # Metrics
    "metric.defensive_line": ("Line height",),
    "metric.defensive_line_oop": ("Line height without the ball",),
    "metric.width": ("Width",),
    "metric.width_oop": ("Width without the ball",),
    "metric.width_ip": ("Width in possession",),
    "metric.length_oop": ("Length without the ball",),
    "metric.compactness": ("Mean distance to the team's centre",),
    "metric.compactness_oop": ("Mean distance to the team's centre without the ball",),
    "metric.gap_def_mid": ("Gap between defence and midfield",),
    "metric.pressing_rate": ("Pressing actions",),
    "metric.siege_s": ("Time under siege",),
    "metric.threat_against": ("Threat conceded",),
    "metric.atk_to_def": ("Retreat speed after losses",),
    "metric.def_to_atk": ("Attack speed after regains",),
    "metric.avg_speed": ("Mean speed",),
    # Components of the risk
    "component.deep_line": ("deep line",),
    "component.exposed_line": ("high line without pressure",),
    "component.open_width": ("too wide without the ball",),
    "component.narrow_attack": ("narrow in attack",),
    "component.loose_block": ("loose block",),
    "component.split_units": ("gap between defence and midfield",),
    "component.passive_press": ("passive press",),
    "component.siege": ("under siege",),
    "component.threat": ("threat conceded",),
    "component.slow_retreat": ("slow retreat",),
    "component.work_rate": ("drop in work rate",),
    # Alerts
    "headline.D1": ("Line too deep",),
    "headline.D2": ("Exposed high line",),
    "headline.C1": ("Block disconnected",),
    "headline.C2": ("Team stretched lengthwise",),
    "headline.W1": ("Over-stretched without ball",),
    "headline.W2": ("Attack too narrow",),
    "headline.P1": ("Press fading",),
    "headline.S1": ("Under siege",),
    "alert.trigger": (
        "{metric} {shown}{unit} (norm {usual}, {windows} windows, {cov}% seen)",
        "{metric} {shown}{unit} ({windows} windows, {cov}% seen)",
    ),
    "alert.not_seen": ("{metric} not seen since {since}",),
    "action.D1": (
        (
            "{us} defend {line:0} m from goal, usual {norm:0} m. Step up {delta:0} m on the next backward pass;"
            " first trigger: ball to their centre-back."
        ),
        (
            "{us} defend {line:0} m from goal. Step up on the next backward pass; first trigger: ball to their"
            " centre-back."
        ),
        "{us} defend very deep. Step up on the next backward pass; first trigger: ball to their centre-back.",
    ),
    "action.D2": (
        (
            "{us}: line at {line:0} m with {rate:0} pressures per minute (norm {norm:0}). Press the passer now, or drop"
            " {delta:0} m and hold."
        ),
        "{us}: high line without pressure on the ball. Press the passer now, or drop and hold.",
    ),
    "action.C1": (
        (
            "{us}: gap between defence and midfield {gap:0} m (norm {norm:0}). Midfield drop {delta:0} m or line step up;"
            " protect zone 14."
        ),
        (
            "{us}: players {spread:1} m from the team's centre (norm {norm:1}). Close the distances between the units;"
            " protect zone 14."
        ),
        "{us}: the block is loose. Close the distances between the units; protect zone 14.",
    ),
    "action.C2": (
        (
            "{us} are {length:0} m long when defending (norm {norm:0}). Forwards retreat to the ball line, line up"
            " {delta:0} m."
        ),
        "{us} are stretched lengthwise when defending. Forwards retreat to the ball line, line up.",
    ),
    "action.W1": (
        "{us}: width {width:0} m without the ball (norm {norm:0}). Far winger tuck inside to the near half-space.",
        "{us} are too wide without the ball. Far winger tuck inside to the near half-space.",
    ),
    "action.W2": (
        (
            "{us}: only {width:0} m wide in possession (norm {norm:0}). Full-back or winger hold the touchline; switch"
            " within 3 passes."
        ),
        "{us} are narrow in possession. Full-back or winger hold the touchline; switch within 3 passes.",
    ),
    "action.P1": (
        (
            "{us}: {rate:0} pressures per minute (norm {norm:0}). Choose: press as a unit on back-passes, or set a"
            " mid-block and hold it."
        ),
        "{us}: the press is fading. Choose: press as a unit on back-passes, or set a mid-block and hold it.",
    ),
    "action.S1": (
        "{us}: {seconds:0} s of the last {span:0} s in the own third. Clear long, push out together, consider a pause.",
        "{us} are under siege. Clear long, push out together, consider a pause.",
    ),
    "action.S3": (
        "{us}: threat conceded {threat:2}. Close the centre first and delay the next pass into the last third.",
        "{us} concede threat. Close the centre first and delay the next pass into the last third.",
    ),
    "action.T2": (
        (
            "{us}: after losses {speed:1} m/s towards the own goal in the first 5 s (norm {norm:1}). Nearest three react,"
            " others sprint behind the ball."
        ),
        "{us} get back slowly. Nearest three react, others sprint behind the ball.",
    ),
    "action.X0": (
        "{us}: work rate at {percent:0}% of the usual. Consider fresh legs or a calmer rhythm in possession.",
        "{us}: work rate is dropping. Consider fresh legs or a calmer rhythm in possession.",
    ),
    # Tags
    "tag.value": ("{shown}{unit}, norm {usual}; {clause}", "{shown}{unit}; {clause}"),
    "tag.unseen": ("not seen: {reason}",),
    "clause.deep_line": ("defends near the own goal",),
    "clause.usual": ("within the usual range",),
    "clause.high_line": ("defends far up the pitch",),
    "clause.vulnerable_high_line": ("high with little pressure on the ball",),
    "clause.vulnerable_deep_line": ("deep beyond the plan",),
    "clause.below_usual": ("below the usual range",),
    "clause.above_usual": ("above the usual range",),
    "clause.narrow_width": ("little width in attack",),
    "clause.wide_shape": ("uses the full width in attack",),
    "clause.over_stretched": ("wide open without the ball",),
    "clause.compact_block": ("short distances in the block",),
    "clause.vulnerable_gaps": ("long distances in the block",),
    "clause.disconnected_units": ("midfield far from defence",),
    "clause.slow_tempo": ("little running",),
    "clause.fast_transition": ("quick forward after regains",),
    "clause.fast_tempo": ("much running",),
    "clause.slow_retreat": ("gets back late after losses",),
    "clause.low_intensity": ("little pressure on the ball",),
    "clause.high_press": ("constant pressure on the ball",),
    "clause.press_failing": ("too little pressure to disturb",),
    # Narrative
    "narrative.balance": (
        "Team A {pa:0}% – Team B {pb:0}% of the ball ({known:0}% seen); play mostly in {third}.",
        "Team A {pa:0}% – Team B {pb:0}% of the ball ({known:0}% seen).",
    ),
    "narrative.block": (
        "{team} defended {line:0} m from goal ({delta:0} m {direction} than usual) and {spread} ({stretch:1} m).",
        "{team} defended {line:0} m from goal ({delta:0} m {direction} than usual).",
        "{team} defended {line:0} m from goal and {spread} ({stretch:1} m).",
        "{team} defended {line:0} m from goal.",
    ),
    "narrative.shape": (
        "{team}: line at {line:0} m, {width:0} m wide, players {stretch:1} m from the team's centre.",
        "{team}: line at {line:0} m, {width:0} m wide.",
        "{team}: {width:0} m wide, players {stretch:1} m from the team's centre.",
        "{team}: {width:0} m wide.",
    ),
    "narrative.no_risk": ("Risk not judged: {reason}.",),
    "narrative.deviation": ("{team}: {metric} {shown}{unit}, usual {usual}.", "{team}: {metric} {shown}{unit}."),
    "narrative.entries": (
        "{opp} entered the final third {n:0} times, {k:0} via {side}.",
        "{opp} entered the final third {n:0} times.",
    ),
    "narrative.regains": ("{team} won the ball back {n:0} times.",),
    "narrative.risk": ("Risk {label} for {team}: {component}.",),
    "narrative.calm": ("No structural problem detected.",),
    "narrative.unseen": ("Too little was seen to judge {team} ({cov:0}%).",),
    "narrative.unjudged": ("Risk of {team} not judged: {reason}.",),
    "narrative.blind": ("Not enough seen: {reason}.", "Not enough seen."),
    # Advisory
    "advisory.match": ("{team} were at risk mainly through: {component} ({hits:0} of {windows:0} windows).",),
    "advisory.calm": ("No structural problem was detected (windows judged: {windows:0}).",),
    "advisory.unseen": ("Too little was seen to judge the match.",),
    "advisory.keep": ("No change suggested.",),
    "advisory.impact": ("Lowers the risk that {component} brings; judge it over the next three windows.",),
    "advisory.no_impact": ("None expected.",),
    # The flow of the game
    "flow.stable": ("Stable",),
    "flow.rising": ("{team} rising",),
    "flow.dominant": ("{team} dominant",),
    "flow.shifting": ("Shifting",),
    "flow.no_warning": ("None",),
    "flow.warning": ("{headline} ({team}, risk {label})", "{headline} (risk {label})"),
    "flow.hand.A": ("Team A had the upper hand",),
    "flow.hand.B": ("Team B had the upper hand",),
    "flow.hand.none": ("neither team had the upper hand",),
    "flow.hand.unknown": ("too little was seen to tell who had the upper hand",),
    "flow.balance": (
        "Team A {pa:0}% – Team B {pb:0}% of the ball over {n:0} windows; {hand}.",
        "Over {n:0} windows {hand}.",
    ),
    "flow.change.threat": ("The balance of threat moved towards {team} by {change:2} xT a window.",),
    "flow.change.territory": ("Play moved {change:0} m towards the goal of {opp}.",),
    "flow.change.possession": ("{team} gained {change:0} points of the ball.",),
    "flow.change.regains": ("The balance of balls won high up moved towards {team} by {change:1} a window.",),
    # Why a number is missing
    "reason.not_calibrated": ("not calibrated",),
    "reason.teams_unknown": ("teams unknown",),
    "reason.direction_unknown": ("direction of play unknown",),
    "reason.too_few_players_seen": ("too few players seen",),
    "reason.team_partly_outside_the_picture": ("team partly outside the picture",),
    "reason.seen_too_briefly": ("seen too briefly",),
    "reason.ball_not_seen_enough": ("ball not seen enough",),
    "reason.possession_unknown": ("possession unknown",),
    "reason.too_little_time_in_this_phase": ("too little time in this phase",),
    "reason.opponent_had_the_ball_too_briefly": ("opponent had the ball too briefly",),
    "reason.analysis_rate_below_5_per_second": ("analysis rate below 5 per second",),
    "reason.too_few_events": ("too few events",),
    "reason.too_few_components": ("too few parts of the risk could be measured",),
}
