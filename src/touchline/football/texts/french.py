"""French texts."""

FRENCH: dict[str, tuple[str, ...]] = {
    "team.A": ("Équipe A",),
    "team.B": ("Équipe B",),
    "risk.LOW": ("faible",),
    "risk.MODERATE": ("modéré",),
    "risk.HIGH": ("élevé",),
    "risk.CRITICAL": ("critique",),
    "unit.m": (" m",),
    "unit.m2": (" m²",),
    "unit.mps": (" m/s",),
    "unit.per_min": ("/min",),
    "unit.s": (" s",),
    "unit.xt": (" xT",),
    "unit.none": ("",),
    "word.deeper": ("plus bas",),
    "word.higher": ("plus haut",),
    "word.compact": ("compact",),
    "word.loose": ("distendu",),
    "side.left": ("la gauche",),
    "side.center": ("l'axe",),
    "side.right": ("la droite",),
    "third.A": ("le tiers de l'équipe A",),
    "third.middle": ("le milieu de terrain",),
    "third.B": ("le tiers de l'équipe B",),
    "metric.defensive_line": ("Hauteur de la ligne",),
    "metric.defensive_line_oop": ("Hauteur de la ligne sans ballon",),
    "metric.width": ("Largeur",),
    "metric.width_oop": ("Largeur sans ballon",),
    "metric.width_ip": ("Largeur en possession",),
    "metric.length_oop": ("Longueur sans ballon",),
    "metric.compactness": ("Distance moyenne au centre de l'équipe",),
    "metric.compactness_oop": ("Distance moyenne au centre de l'équipe sans ballon",),
    "metric.gap_def_mid": ("Écart entre défense et milieu",),
    "metric.pressing_rate": ("Actions de pressing",),
    "metric.siege_s": ("Temps passé assiégé",),
    "metric.threat_against": ("Danger concédé",),
    "metric.atk_to_def": ("Vitesse de repli après perte",),
    "metric.def_to_atk": ("Vitesse d'attaque après récupération",),
    "metric.avg_speed": ("Vitesse moyenne",),
    "component.deep_line": ("ligne basse",),
    "component.exposed_line": ("ligne haute sans pression",),
    "component.open_width": ("trop large sans ballon",),
    "component.narrow_attack": ("attaque étroite",),
    "component.loose_block": ("bloc distendu",),
    "component.split_units": ("écart entre défense et milieu",),
    "component.passive_press": ("pressing passif",),
    "component.siege": ("équipe assiégée",),
    "component.threat": ("danger concédé",),
    "component.slow_retreat": ("repli lent",),
    "component.work_rate": ("baisse d'activité",),
    "headline.D1": ("Ligne trop basse",),
    "headline.D2": ("Ligne haute exposée",),
    "headline.C1": ("Bloc déconnecté",),
    "headline.C2": ("Équipe étirée en longueur",),
    "headline.W1": ("Trop large sans ballon",),
    "headline.W2": ("Attaque trop étroite",),
    "headline.P1": ("Pressing en baisse",),
    "headline.S1": ("Équipe assiégée",),
    "alert.trigger": (
        "{metric} {shown}{unit} (norme {usual}, {windows} fenêtres, {cov} % vu)",
        "{metric} {shown}{unit} ({windows} fenêtres, {cov} % vu)",
    ),
    "alert.not_seen": ("{metric} : plus vu depuis {since}",),
    "action.D1": (
        (
            "{us} défend à {line:0} m du but, d'habitude {norm:0} m. Remontez de {delta:0} m à la prochaine passe en"
            " retrait ; premier signal : ballon à leur défenseur central."
        ),
        (
            "{us} défend à {line:0} m du but. Remontez à la prochaine passe en retrait ; premier signal : ballon à leur"
            " défenseur central."
        ),
        (
            "{us} défend très bas. Remontez à la prochaine passe en retrait ; premier signal : ballon à leur défenseur"
            " central."
        ),
    ),
    "action.D2": (
        (
            "{us} : ligne à {line:0} m avec {rate:0} pressions par minute (norme {norm:0}). Pressez le passeur, ou reculez"
            " de {delta:0} m et tenez."
        ),
        "{us} : ligne haute sans pression sur le ballon. Pressez le passeur, ou reculez et tenez.",
    ),
    "action.C1": (
        (
            "{us} : {gap:0} m entre défense et milieu (norme {norm:0}). Le milieu recule de {delta:0} m ou la ligne monte ;"
            " protégez la zone 14."
        ),
        (
            "{us} : joueurs à {spread:1} m du centre de l'équipe (norme {norm:1}). Resserrez les lignes ; protégez la"
            " zone 14."
        ),
        "{us} : bloc distendu. Resserrez les lignes ; protégez la zone 14.",
    ),
    "action.C2": (
        (
            "{us} s'étend sur {length:0} m en défense (norme {norm:0}). Les attaquants reviennent à hauteur du ballon, la"
            " ligne monte de {delta:0} m."
        ),
        "{us} est étirée en longueur en défense. Les attaquants reviennent à hauteur du ballon, la ligne monte.",
    ),
    "action.W1": (
        "{us} : {width:0} m de large sans ballon (norme {norm:0}). L'ailier opposé rentre dans le demi-espace.",
        "{us} est trop large sans ballon. L'ailier opposé rentre dans le demi-espace.",
    ),
    "action.W2": (
        (
            "{us} : seulement {width:0} m de large en possession (norme {norm:0}). Latéral ou ailier tient la ligne ;"
            " renversez en 3 passes."
        ),
        "{us} est étroite en possession. Latéral ou ailier tient la ligne ; renversez en 3 passes.",
    ),
    "action.P1": (
        (
            "{us} : {rate:0} pressions par minute (norme {norm:0}). Choisissez : pressing collectif sur passe en retrait,"
            " ou bloc médian et tenez-le."
        ),
        "{us} : le pressing faiblit. Choisissez : pressing collectif sur passe en retrait, ou bloc médian et tenez-le.",
    ),
    "action.S1": (
        (
            "{us} : {seconds:0} s des {span:0} dernières secondes dans son tiers. Dégagez long, remontez ensemble, pensez à une"
            " pause."
        ),
        "{us} est assiégée. Dégagez long, remontez ensemble, pensez à une pause.",
    ),
    "action.S3": (
        "{us} : danger concédé {threat:2}. Fermez d'abord l'axe et retardez la prochaine passe vers le dernier tiers.",
        "{us} concède du danger. Fermez d'abord l'axe et retardez la prochaine passe vers le dernier tiers.",
    ),
    "action.T2": (
        (
            "{us} : après perte, {speed:1} m/s vers son but dans les 5 premières secondes (norme {norm:1}). Les trois plus"
            " proches réagissent, les autres sprintent derrière le ballon."
        ),
        "{us} se replie lentement. Les trois plus proches réagissent, les autres sprintent derrière le ballon.",
    ),
    "action.X0": (
        "{us} : activité à {percent:0} % de l'habitude. Pensez à du sang neuf ou à un rythme plus calme en possession.",
        "{us} : l'activité baisse. Pensez à du sang neuf ou à un rythme plus calme en possession.",
    ),
    "tag.value": ("{shown}{unit}, norme {usual} ; {clause}", "{shown}{unit} ; {clause}"),
    "tag.unseen": ("non vu : {reason}",),
    "clause.deep_line": ("défend près de son but",),
    "clause.usual": ("dans la plage habituelle",),
    "clause.high_line": ("défend haut sur le terrain",),
    "clause.vulnerable_high_line": ("haut, peu de pression sur le ballon",),
    "clause.vulnerable_deep_line": ("plus bas que prévu",),
    "clause.below_usual": ("sous la plage habituelle",),
    "clause.above_usual": ("au-dessus de la plage habituelle",),
    "clause.narrow_width": ("peu de largeur en attaque",),
    "clause.wide_shape": ("utilise toute la largeur",),
    "clause.over_stretched": ("très ouvert sans ballon",),
    "clause.compact_block": ("distances courtes dans le bloc",),
    "clause.vulnerable_gaps": ("grandes distances dans le bloc",),
    "clause.disconnected_units": ("milieu loin de la défense",),
    "clause.slow_tempo": ("peu de courses",),
    "clause.fast_transition": ("vite vers l'avant après récupération",),
    "clause.fast_tempo": ("beaucoup de courses",),
    "clause.slow_retreat": ("replis tardifs après perte",),
    "clause.low_intensity": ("peu de pression sur le ballon",),
    "clause.high_press": ("pression constante sur le ballon",),
    "clause.press_failing": ("pression trop faible pour gêner",),
    "narrative.balance": (
        "Équipe A {pa:0} % – Équipe B {pb:0} % du ballon ({known:0} % vu) ; jeu surtout dans {third}.",
        "Équipe A {pa:0} % – Équipe B {pb:0} % du ballon ({known:0} % vu).",
    ),
    "narrative.block": (
        "{team} a défendu à {line:0} m du but ({delta:0} m {direction} que d'habitude), bloc {spread} ({stretch:1} m).",
        "{team} a défendu à {line:0} m du but ({delta:0} m {direction} que d'habitude).",
        "{team} a défendu à {line:0} m du but, bloc {spread} ({stretch:1} m).",
        "{team} a défendu à {line:0} m du but.",
    ),
    "narrative.shape": (
        "{team} : ligne à {line:0} m, largeur {width:0} m, joueurs à {stretch:1} m du centre de l'équipe.",
        "{team} : ligne à {line:0} m, largeur {width:0} m.",
        "{team} : largeur {width:0} m, joueurs à {stretch:1} m du centre de l'équipe.",
        "{team} : largeur {width:0} m.",
    ),
    "narrative.no_risk": ("Risque non jugé : {reason}.",),
    "narrative.deviation": ("{team} : {metric} {shown}{unit}, d'habitude {usual}.", "{team} : {metric} {shown}{unit}."),
    "narrative.entries": (
        "{opp} est entrée {n:0} fois dans le dernier tiers, dont {k:0} par {side}.",
        "{opp} est entrée {n:0} fois dans le dernier tiers.",
    ),
    "narrative.regains": ("{team} a récupéré le ballon {n:0} fois.",),
    "narrative.risk": ("Risque {label} pour {team} : {component}.",),
    "narrative.calm": ("Aucun problème structurel détecté.",),
    "narrative.unseen": ("Trop peu vu pour juger {team} ({cov:0} %).",),
    "narrative.unjudged": ("Risque de {team} non jugé : {reason}.",),
    "narrative.blind": ("Pas assez vu : {reason}.", "Pas assez vu."),
    "advisory.match": ("{team} a été en risque surtout par : {component} ({hits:0} fenêtres sur {windows:0}).",),
    "advisory.calm": ("Aucun problème structurel n'a été détecté (fenêtres jugées : {windows:0}).",),
    "advisory.unseen": ("Trop peu vu pour juger le match.",),
    "advisory.keep": ("Aucun changement proposé.",),
    "advisory.impact": ("Réduit le risque dû à : {component} ; à juger sur les trois prochaines fenêtres.",),
    "advisory.no_impact": ("Aucun effet attendu.",),
    "flow.stable": ("Stable",),
    "flow.rising": ("{team} en progression",),
    "flow.dominant": ("{team} domine",),
    "flow.shifting": ("Bascule",),
    "flow.no_warning": ("Aucune",),
    "flow.warning": ("{headline} ({team}, risque {label})", "{headline} (risque {label})"),
    "flow.hand.A": ("l'équipe A a eu le dessus",),
    "flow.hand.B": ("l'équipe B a eu le dessus",),
    "flow.hand.none": ("aucune équipe n'a eu le dessus",),
    "flow.hand.unknown": ("trop peu vu pour dire qui a eu le dessus",),
    "flow.balance": (
        "Équipe A {pa:0} % – Équipe B {pb:0} % du ballon sur {n:0} fenêtres ; {hand}.",
        "Sur {n:0} fenêtres : {hand}.",
    ),
    "flow.change.threat": ("L'équilibre du danger a bougé de {change:2} xT par fenêtre en faveur de : {team}.",),
    "flow.change.territory": ("Le jeu s'est déplacé de {change:0} m vers le but de : {opp}.",),
    "flow.change.possession": ("{team} a gagné {change:0} points de possession.",),
    "flow.change.regains": (
        "L'équilibre des ballons récupérés haut a bougé de {change:1} par fenêtre en faveur de : {team}.",
    ),
    "reason.not_calibrated": ("terrain non calibré",),
    "reason.teams_unknown": ("équipes inconnues",),
    "reason.direction_unknown": ("sens du jeu inconnu",),
    "reason.too_few_players_seen": ("trop peu de joueurs vus",),
    "reason.team_partly_outside_the_picture": ("équipe en partie hors de l'image",),
    "reason.seen_too_briefly": ("vu trop brièvement",),
    "reason.ball_not_seen_enough": ("ballon trop peu vu",),
    "reason.possession_unknown": ("possession inconnue",),
    "reason.too_little_time_in_this_phase": ("trop peu de temps dans cette phase",),
    "reason.opponent_had_the_ball_too_briefly": ("adversaire trop peu en possession",),
    "reason.analysis_rate_below_5_per_second": ("moins de 5 images analysées par seconde",),
    "reason.too_few_events": ("trop peu d'actions",),
    "reason.too_few_components": ("trop peu d'éléments du risque mesurés",),
}
