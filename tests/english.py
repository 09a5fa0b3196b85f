"""What a person who reads only Chinese must not meet: English that is not marked as English.

Two things count. A sentence: three or more Latin words in a row. And a label: a whole text that our
catalogue or a package's has a Chinese for, be it one word. Not counted is what is marked with
`lang`, code, what somebody typed, and names that have no Chinese, wherever they stand.
"""

import functools
import re

from django.contrib.auth.models import Group
from django.utils.translation.trans_real import translation

from members.models import Institution, InstitutionName
from projects.calls.models import Output
from secretariat.models import Page
from sscnet.codelists.models import DACSector, PGTFArea
from sscnet.core.models import Source
from sscnet.outbox.models import Message

WORD = "[A-Za-z][A-Za-z'’.-]*"
SENTENCE = rf"{WORD}(?:[\s,;:(“\"]+{WORD}){{2,}}"
ADDRESS = r"https?:\S+|\S+@\S+"
# Help that shows what another language looks like.
EXAMPLES = ["Centre du biogaz"]

SPOKEN = ["aria-label", "title", "placeholder", "alt", "summary", "data-label", "content"]

LOOK = r"""([sentence, address, left_out, names, labels]) => {
  const words = new RegExp(sentence);
  const addresses = new RegExp(address, "g");
  const known = new Set(labels);
  const spoken = ["aria-label", "title", "placeholder", "alt", "summary", "data-label", "content"];
  const marked = `[lang]:not([lang|=zh]), ${left_out}`;
  const found = new Set();
  const look = (text) => {
    if (!/[A-Za-z]/.test(text)) return;
    const whole = text.trim().replace(/\s+/g, " ");
    const rest = names.reduce((rest, name) => rest.replaceAll(name, ""), whole);
    if (known.has(rest) || words.test(rest.replace(addresses, ""))) found.add(whole);
  };
  const other = (element) => element.closest(marked);
  document.title.split(/ [–|] /).forEach(look);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!other(node.parentElement)) look(node.data);
  for (const element of document.querySelectorAll("body *, meta[name=description]"))
    for (const name of spoken)
      if (element.hasAttribute(name) && !other(element)) look(element.getAttribute(name));
  for (const input of document.querySelectorAll("input[type=submit], input[type=button]"))
    look(input.value);
  return [...found];
}"""

LEFT_OUT = [
    "code, pre, kbd, samp, script, style, template, textarea",
    # What changed in a record, quoted in both languages.
    "table.history li",
    # Synonyms and words of topics, which are of both languages.
    ":is(.model-synonym, .model-topic) #result_list :is(.field-words, .field-slug)",
    # What a search found, split where the words were found; the page's names are marked.
    ":has(> mark)",
    # Mails, in both languages at once.
    "#result_list :is(.field-subject, .action-checkbox), .model-message .field-shown_text",
    # Django's pictures for yes, no and neither have their names from Python: True, False, None.
    "img[src*='/admin/img/icon-']",
]


# The same, and what is marked, without a browser's selectors.
WITHOUT_BROWSER = " or ".join(
    [
        "@lang and not(starts-with(@lang, 'zh'))",
        *(f"self::{name}" for name in LEFT_OUT[0].split(", ")),
        "self::li and ancestor::table[contains(@class, 'history')]",
        "contains(@class, 'field-words') or contains(@class, 'field-slug')",
        "mark",
        "contains(@class, 'field-subject') or contains(@class, 'field-shown_text')",
        "contains(@class, 'action-checkbox')",
        "contains(@src, '/admin/img/icon-')",
    ]
)


def names_without_chinese() -> list[str]:
    """List what the records name in English or another language only, the longest first."""
    institutions = Institution.objects.filter(name_zh_hans__isnull=True)
    names = {*institutions.values_list("name", flat=True)}
    names |= {*InstitutionName.objects.values_list("name", flat=True)}
    names |= {*Source.objects.values_list("name", flat=True)}
    names |= {*DACSector.objects.values_list("name", flat=True)}
    # The database keeps them in English; forms show them in the reader's language.
    names |= {*Group.objects.values_list("name", flat=True)}
    # Codes, which stand in addresses.
    names |= {*Page.objects.values_list("slug", flat=True)}
    names |= {*PGTFArea.objects.values_list("slug", flat=True)}
    # What proposals say, each text beside the name of its field.
    for field in ("name", "activities", "inputs"):
        names |= {*Output.objects.values_list(field, flat=True)}
    # Of a mail both languages are kept, and its subject joins them.
    names |= {*Message.objects.values_list("subject", flat=True)}
    return sorted(names - {""}, key=len, reverse=True) + EXAMPLES


@functools.cache
def labels() -> frozenset[str]:
    """List the English texts that have a Chinese one, ours and those of packages."""
    texts = translation("zh-hans")._catalog.items()
    whole = {key.rpartition("\x04")[2]: text for key, text in texts if isinstance(key, str)}
    return frozenset(
        english
        for english, chinese in whole.items()
        if english.isascii() and english != chinese and not re.search(r"[%{]|^\W*$", english)
    )


def english_on(page, names=()) -> list[str]:
    """Name what is English on a page, as the browser shows it; `names` may be."""
    return page.evaluate(LOOK, [SENTENCE, ADDRESS, ", ".join(LEFT_OUT), [*names], [*labels()]])


def texts_of(html) -> set[str]:
    """Give what a page says, as it is sent, but for what is marked as another language."""
    marked = f"ancestor-or-self::*[{WITHOUT_BROWSER}]"
    spoken = " or ".join(f"name() = '{name}'" for name in SPOKEN)
    texts = html.xpath(f"//body//text()[not(parent::*/{marked})]")
    texts += html.xpath(f"//body//@*[({spoken}) and not(parent::*/{marked})]")
    texts += html.xpath("//input[@type='submit' or @type='button']/@value")
    texts += re.split(" [–|] ", html.findtext("head/title") or "")
    return {" ".join(text.split()) for text in texts}


def english_of(html, names=()) -> list[str]:
    """Name what is English on a page as it is sent: without a browser."""
    return sorted(line for line in texts_of(html) if is_english(line, names))


def english_in(text: str, names=()) -> list[str]:
    """Name the lines of a mail or a file that are English; `names` may be."""
    return [line for line in text.splitlines() if is_english(line.strip(), names)]


def is_english(text: str, names=()) -> bool:
    if not re.search("[A-Za-z]", text):
        return False
    return text in labels() or bool(re.search(SENTENCE, rest_of(text, names)))


def rest_of(text: str, names) -> str:
    """Return a text without names and addresses."""
    rest = functools.reduce(lambda rest, name: rest.replace(name, ""), names, text)
    return re.sub(ADDRESS, "", rest)
