"""Builds a text search vector: lexemes with their places and weights."""

from collections import defaultdict

from .words import STOPWORDS, chains, grams, joined, lexeme

# PostgreSQL's own limits: a place in a text, places of one lexeme.
LAST_PLACE = 16_383
MOST_PLACES = 255
# Between two texts, so that no phrase reaches from one into the other.
GAP = 10


class Vector:
    def __init__(self):
        self.lexemes = defaultdict(list)
        # The words as they are written, for those who mistype them, with their lexemes.
        self.words = {}
        self.place = 0

    def add(self, text: str | None, weight: str) -> None:
        """Add a text after those that are there already."""
        if not text:
            return
        self.place += GAP
        for chain in chains(text):
            start = self.place + 1
            for token in chain:
                parts = grams(token.text) if token.is_han else [token.text]
                for part in parts:
                    self.place += 1
                    if token.is_han:
                        self.note(part, weight, self.place)
                    elif part not in STOPWORDS:
                        self.add_word(part, weight, self.place)
            if len(chain) > 1:
                for shift, whole in joined(chain):
                    self.add_word(whole, weight, start + shift)

    def add_word(self, word: str, weight: str, place: int) -> None:
        self.note(lexeme(word), weight, place)
        # Numbers have no near spellings, and their beginnings are compared as they stand.
        if word.isalpha():
            self.words[word] = lexeme(word)

    def add_key(self, key: str, weight: str = "") -> None:
        """Add a lexeme that is no word of a text; `weight` makes it count in the ranking."""
        if weight:
            self.place += GAP
            self.note(key, weight, self.place)
        else:
            self.lexemes.setdefault(key, [])

    def note(self, text: str, weight: str, place: int) -> None:
        places = self.lexemes[text]
        if len(places) < MOST_PLACES:
            places.append(f"{min(place, LAST_PLACE)}{weight}")

    def __str__(self):
        return " ".join(
            f"'{text}':{','.join(dict.fromkeys(places))}" if places else f"'{text}'"
            for text, places in self.lexemes.items()
        )
