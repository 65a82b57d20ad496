"""A club to look around in: people, two matches, numbers, notes and alerts, all invented, written only when asked for."""

from touchline.apps.demo_club.install import DemoClub, install
from touchline.apps.demo_club.people import DemoClubExistsError, Login

__all__ = ["DemoClub", "DemoClubExistsError", "Login", "install"]
