"""Words on pictures, in the two languages whose letters can be drawn one by one."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from touchline.football.texts import keys, text
from touchline.football.vocabulary import Side

MISSING = "–"


@dataclass(frozen=True)
class Words:
    """All words that a rendering writes."""

    language: str
    team: str
    line: str
    width: str
    compactness: str
    possession: str
    risk: str
    risks: Mapping[str, str]
    keeper: str
    referee: str
    illustrative: str
    not_calibrated: str
    not_measured: str
    no_window: str
    backline_title: str
    backline_chart: str
    no_metres: str
    no_metres_way_out: str
    direction_unknown: str
    too_few_seen: str
    goal_side_unseen: str
    low_block: str
    high_block: str
    heatmap_title: str
    visible_minutes: str
    of_needed: str
    heatmap_unit: str
    heatmap_cell: str
    picture_plane: str
    animation_title: str
    animation_title_picture: str

    def reason(self, given: str) -> str:
        """A reason of the analysis in this language; one that the catalogue does not know stays as it is."""
        key = "reason." + given.replace(" ", "_")
        return text(key, {}, language=self.language) if key in keys() else given


ENGLISH = Words(
    language="en",
    team="Team",
    line="Line",
    width="Width",
    compactness="Compact",
    possession="Ball",
    risk="Risk",
    risks={"LOW": "Low", "MODERATE": "Medium", "MEDIUM": "Medium", "HIGH": "High", "CRITICAL": "Critical"},
    keeper="GK",
    referee="R",
    illustrative="short clip: illustrative",
    not_calibrated="not calibrated",
    not_measured="not enough seen",
    no_window="no window here",
    backline_title="Back line",
    backline_chart="Height of the back line above the own goal line, last {seconds} s",
    no_metres="No metres: this video is not calibrated",
    no_metres_way_out="Mark four or more pitch points of this camera, then analyse again.",
    direction_unknown="direction of play unknown",
    too_few_seen="{seen} of 6 players seen",
    goal_side_unseen="the space behind the line is out of view",
    low_block="low block",
    high_block="high block",
    heatmap_title="Heat map",
    visible_minutes="{minutes} player-minutes seen",
    of_needed="{minutes} of the {needed} player-minutes needed",
    heatmap_unit="share of visible time, outfield players",
    heatmap_cell="of the team’s visible time, per cell of {cell}",
    picture_plane="Picture plane, not metres: not calibrated",
    animation_title="Top view",
    animation_title_picture="Movement",
)

FRENCH = Words(
    language="fr",
    team="Équipe",
    line="Ligne",
    width="Largeur",
    compactness="Compacité",
    possession="Ballon",
    risk="Risque",
    risks={"LOW": "Faible", "MODERATE": "Moyen", "MEDIUM": "Moyen", "HIGH": "Élevé", "CRITICAL": "Critique"},
    keeper="GB",
    referee="A",
    illustrative="extrait court : indicatif",
    not_calibrated="non calibré",
    not_measured="pas assez vu",
    no_window="pas de fenêtre ici",
    backline_title="Ligne défensive",
    backline_chart="Hauteur de la ligne défensive devant son but, {seconds} dernières s",
    no_metres="Pas de mètres : cette vidéo n’est pas calibrée",
    no_metres_way_out="Marquez au moins quatre points du terrain pour cette caméra, puis relancez.",
    direction_unknown="sens du jeu inconnu",
    too_few_seen="{seen} joueurs vus sur 6",
    goal_side_unseen="l’espace derrière la ligne est hors champ",
    low_block="bloc bas",
    high_block="bloc haut",
    heatmap_title="Carte de chaleur",
    visible_minutes="{minutes} minutes-joueur vues",
    of_needed="{minutes} sur {needed} minutes-joueur requises",
    heatmap_unit="part du temps visible, joueurs de champ",
    heatmap_cell="du temps visible de l’équipe, par case de {cell}",
    picture_plane="Plan de l’image, sans mètres : non calibré",
    animation_title="Vue de dessus",
    animation_title_picture="Déplacements",
)


def words_in(language: str) -> Words:
    """The words of a language; English where its script cannot be drawn letter by letter (Arabic)."""
    return FRENCH if language == "fr" else ENGLISH


def drawable_name(name: str, side: Side, words: Words) -> str:
    """A team's name as it can be drawn: itself in Latin letters, else “Team A” or “Team B”."""
    tidy = " ".join(name.split())
    is_latin = all(not char.isalpha() or unicodedata.name(char, "").startswith("LATIN") for char in tidy)
    return tidy if tidy and is_latin else f"{words.team} {side.value}"


def clock(time_s: float) -> str:
    """Minutes and seconds of the video."""
    whole = max(0, int(time_s + 1e-6))
    return f"{whole // 60}:{whole % 60:02d}"
