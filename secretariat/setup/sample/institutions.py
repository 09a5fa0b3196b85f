"""What a made-up institution is: a few hundred, some members, most partners."""

from datetime import date
from random import Random

from django.utils.text import slugify

from members.models import Institution, InstitutionName, InstitutionSector, Membership
from sscnet.codelists.models import Sector
from sscnet.core.models import State

from .words import SampleText, SampleWords

HOW_MANY = 240
KINDS = [kind for kind in Institution.Kind.values if kind not in ("", "supporter")]


def make_institutions(words: SampleWords, seed: int, keys: list[int]) -> list:
    """Make an institution for each key, with its names, expertise and membership."""
    random = Random(f"{seed} institutions")  # noqa: S311 -- nothing secret
    sectors = dict(Sector.objects.values_list("slug", "pk"))
    rows, names = [], set()
    for n, key in enumerate(keys, 1):
        topic, city, name = unused_name(words, random, names)
        rows.append(institution(random, n, key, topic, city, name))
        rows += [InstitutionSector(institution_id=key, sector_id=sectors[s]) for s in topic.sectors]
        rows += other_names(random, n, key)
        if random.random() < 0.4:
            rows.append(membership(random, key))
    return rows


def unused_name(words: SampleWords, random: Random, used: set[str]):
    while True:
        topic, city = words.topics.one(random), words.phrase(random, "city")
        english, _bar, province = city.en.partition("|")
        city = SampleText(english, city.zh)
        subject = SampleText(topic.name.en.title(), topic.name.zh)
        name = words.phrase(random, "institution").fill(city=city, topic=subject)
        if name.en not in used:
            used.add(name.en)
            return topic, (city, province), name


def institution(random, n, key, topic, city_and_province, name):
    city, province = city_and_province
    is_described = random.random() < 0.6
    title = name.marked()
    return Institution(
        pk=key,
        slug=f"{slugify(title.en)[:90]}-{n:03}",
        is_sample=True,
        state=State.PUBLISHED if random.random() < 0.95 else State.DRAFT,
        name="" if random.random() < 0.03 else title.en,
        name_zh_hans="" if random.random() < 0.05 else title.zh,
        kind=random.choice(KINDS) if random.random() < 0.9 else "",
        city=city.en,
        city_zh_hans=city.zh if random.random() < 0.9 else "",
        province=province,
        country_id="CN",
        website=f"https://sample-{n:03}.example.org" if random.random() < 0.7 else "",
        description=f"Research, training and advice: {topic.name.en}." if is_described else "",
        description_zh_hans=f"{topic.name.zh}研究、培训与咨询。" if is_described else "",
        working_languages=["zh-hans", "en"] if random.random() < 0.8 else ["zh-hans"],
    )


def other_names(random, n, key):
    kinds = InstitutionName.Kind
    if random.random() < 0.5:
        yield InstitutionName(institution_id=key, name=f"SMP{n:03}", kind=kinds.ACRONYM)
    if random.random() < 0.1:
        former = f"Sample: Regional Station No. {n}"
        yield InstitutionName(institution_id=key, name=former, kind=kinds.FORMER, language="en")


def membership(random, key):
    since = date(random.randint(1995, 2024), random.randint(1, 12), 1)
    states = Membership.State
    state = random.choices([states.MEMBER, states.SUSPENDED, states.FORMER], [90, 3, 7])[0]
    return Membership(
        institution_id=key, state=state, since=since if random.random() < 0.7 else None
    )
