"""Rows become matches by place, so the columns must stand as the fields do."""

from dataclasses import fields

from touchline.features.matches import queries
from touchline.features.matches.match import Match


def test_the_columns_of_a_match_stand_in_the_order_of_its_fields():
    assert queries._MATCH.selected_columns.keys() == [field.name for field in fields(Match)]
