"""The field's words in both languages, from `data/sample/`, and sentences made from them."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

FOLDER = Path(__file__).resolve().parent.parent / "data" / "sample"


@dataclass(frozen=True)
class SampleText:
    """The same words in English and Chinese."""

    en: str = ""
    zh: str = ""

    def fill(self, **blanks: "SampleText | int") -> "SampleText":
        """Fill the blanks of a sentence, each with its words in the sentence's language."""
        en = {name: getattr(value, "en", value) for name, value in blanks.items()}
        zh = {name: getattr(value, "zh", value) for name, value in blanks.items()}
        return SampleText(self.en.format_map(en), self.zh.format_map(zh))

    def marked(self) -> "SampleText":
        """Say at the beginning of a title or name that it is made up."""
        return SampleText(f"Sample: {self.en}", f"示例：{self.zh}")


class Choice:
    """Things to choose from by weight: few very common ones and a long tail."""

    def __init__(self, things, weights):
        self.things = list(things)
        self.weights = list(accumulate(weights))

    @classmethod
    def by_rank(cls, things):
        """Make the second half as common as the first, the third a third as common, and so on."""
        things = list(things)
        return cls(things, [1 / rank for rank in range(1, len(things) + 1)])

    def one(self, random: Random):
        return random.choices(self.things, cum_weights=self.weights)[0]

    def several(self, random: Random, count: int) -> list:
        """Choose up to `count` different things; very common ones crowd out a few."""
        return list(
            dict.fromkeys(random.choices(self.things, cum_weights=self.weights, k=count * 2))
        )[:count]


@dataclass(frozen=True)
class Topic:
    name: SampleText
    sectors: tuple[str, ...]
    area: str
    goals: tuple[tuple[int, SampleText], ...]
    challenge: SampleText


class SampleWords:
    def __init__(self):
        rows = read("topics.csv")
        self.topics = Choice([topic_of(row) for row in rows], [int(row["weight"]) for row in rows])
        kinds = defaultdict(list)
        for row in read("phrases.csv"):
            kinds[row["kind"]].append((SampleText(row["en"], row["zh"]), int(row["weight"])))
        self.phrases = {kind: Choice(*zip(*rows, strict=True)) for kind, rows in kinds.items()}

    def phrase(self, random: Random, kind: str) -> SampleText:
        return self.phrases[kind].one(random)

    def all(self, kind: str) -> list[SampleText]:
        return self.phrases[kind].things


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def topic_of(row: dict[str, str]) -> Topic:
    goals_zh = dict(goal.split(":", 1) for goal in row["sdgs_zh"].split("|"))
    goals = (goal.split(":", 1) for goal in row["sdgs_en"].split("|"))
    return Topic(
        name=SampleText(row["topic_en"], row["topic_zh"]),
        sectors=tuple(row["sectors"].split()),
        area=row["area"],
        goals=tuple((int(number), SampleText(why, goals_zh[number])) for number, why in goals),
        challenge=SampleText(f"{row['challenge_en']}.", f"{row['challenge_zh']}。"),
    )
