"""Two squads of eleven; every name is invented."""

from dataclasses import dataclass
from datetime import date

from touchline.features.club import Foot, Position

GK, DEF, MID, FWD = Position.GOALKEEPER, Position.DEFENDER, Position.MIDFIELDER, Position.FORWARD
LEFT, RIGHT = Foot.LEFT, Foot.RIGHT


@dataclass(frozen=True)
class Member:
    """A player and where he stands: fractions across and along the pitch, his own goal at the bottom."""

    number: int
    name: str
    position: Position
    born: date
    foot: Foot
    height_cm: int
    weight_kg: int
    nationality: str
    country_code: str
    value: float
    x: float
    y: float

    @property
    def place(self) -> str:
        """As line-ups store it."""
        return f"{self.x:.4f},{self.y:.4f}"


@dataclass(frozen=True)
class Squad:
    """A team in the order of its line-up, goalkeeper first."""

    name: str
    formation: str
    primary_color: str
    secondary_color: str
    members: tuple[Member, ...]


OWN = Squad(
    name="Westhaven Athletic",
    formation="4-3-3",
    primary_color="#1D4ED8",
    secondary_color="#FFFFFF",
    members=(
        Member(1, "Tomasz Wilk", GK, date(1996, 2, 11), RIGHT, 191, 86, "Poland", "PL", 420_000, 0.5, 0.9),
        Member(2, "Karim Belhadj", DEF, date(1999, 7, 3), RIGHT, 179, 74, "Tunisia", "TN", 380_000, 0.85, 0.7),
        Member(4, "Jonas Reuter", DEF, date(1995, 11, 23), RIGHT, 188, 84, "Germany", "DE", 510_000, 0.62, 0.74),
        Member(5, "Oumar Keita", DEF, date(1998, 4, 30), LEFT, 190, 85, "Mali", "ML", 560_000, 0.38, 0.74),
        Member(3, "Liam Ashdown", DEF, date(2001, 9, 14), LEFT, 176, 71, "England", "GB", 340_000, 0.15, 0.7),
        Member(6, "Mateo Ibarra", MID, date(1997, 1, 19), RIGHT, 182, 77, "Uruguay", "UY", 690_000, 0.5, 0.55),
        Member(8, "Yassine Trabelsi", MID, date(2000, 6, 8), LEFT, 177, 70, "Tunisia", "TN", 870_000, 0.3, 0.45),
        Member(10, "Elias Nordmark", MID, date(2002, 3, 27), LEFT, 180, 73, "Sweden", "SE", 1_250_000, 0.7, 0.45),
        Member(7, "Dario Conti", FWD, date(1999, 12, 5), RIGHT, 175, 69, "Italy", "IT", 930_000, 0.82, 0.22),
        Member(9, "Samuel Osei", FWD, date(1998, 8, 16), RIGHT, 186, 81, "Ghana", "GH", 1_480_000, 0.5, 0.15),
        Member(11, "Noah Vermeer", FWD, date(2003, 5, 1), RIGHT, 178, 72, "Netherlands", "NL", 1_100_000, 0.18, 0.22),
    ),
)

OPPONENT = Squad(
    name="Northbridge Rovers",
    formation="4-4-2",
    primary_color="#B91C1C",
    secondary_color="#111827",
    members=(
        Member(1, "Aaron Pike", GK, date(1994, 10, 2), RIGHT, 189, 87, "England", "GB", 300_000, 0.5, 0.9),
        Member(2, "Bruno Salgado", DEF, date(1997, 5, 21), RIGHT, 178, 75, "Portugal", "PT", 350_000, 0.85, 0.7),
        Member(5, "Viktor Hrubec", DEF, date(1993, 3, 9), RIGHT, 192, 88, "Czechia", "CZ", 280_000, 0.62, 0.74),
        Member(6, "Malik Diarra", DEF, date(2000, 12, 12), RIGHT, 187, 82, "Senegal", "SN", 470_000, 0.38, 0.74),
        Member(3, "Callum Frost", DEF, date(1999, 2, 25), LEFT, 177, 73, "Scotland", "GB", 330_000, 0.15, 0.7),
        Member(7, "Adem Yilmaz", MID, date(2001, 7, 18), RIGHT, 174, 68, "Türkiye", "TR", 640_000, 0.85, 0.45),
        Member(4, "Peter Lang", MID, date(1996, 9, 29), RIGHT, 183, 79, "Austria", "AT", 450_000, 0.62, 0.48),
        Member(8, "Ivo Marković", MID, date(1995, 6, 6), RIGHT, 181, 78, "Croatia", "HR", 520_000, 0.38, 0.48),
        Member(11, "Jayden Cole", MID, date(2002, 11, 10), LEFT, 176, 70, "England", "GB", 590_000, 0.15, 0.45),
        Member(9, "Rafael Duarte", FWD, date(1998, 1, 31), RIGHT, 185, 80, "Brazil", "BR", 990_000, 0.38, 0.18),
        Member(10, "Hugo Lefèvre", FWD, date(2000, 4, 4), LEFT, 179, 74, "France", "FR", 760_000, 0.62, 0.18),
    ),
)
