"""Every sentence that Touchline generates, in English, French and Arabic."""

from touchline.football.texts.catalogue import TextIncompleteError, format_number, keys, sentence, slots, text

__all__ = ["TextIncompleteError", "format_number", "keys", "sentence", "slots", "text"]
