"""A person who reads only Chinese meets no English sentence, from the home page to the admin.

What counts as one: three or more Latin words in a row, in a text, a title or a spoken name that is
not marked as English (`lang`), as code, or as what somebody typed. Texts in closed parts of a page
count as well: they can be opened. Left out are names that have no Chinese, wherever they stand
(institutions, sources), and in the admin the records' own English, which officers edit.
"""

import pytest

from members.models import Institution, InstitutionName
from sscnet.records.models import Source
from tests.browser.walk import STOPS, Walk

pytestmark = pytest.mark.django_db(transaction=True)

ENGLISH = r"""([selectors, names]) => {
  const words = /[A-Za-z][A-Za-z'’.-]*(?:[\s,;:(“"]+[A-Za-z][A-Za-z'’.-]*){2,}/;
  const addresses = /https?:\S+|\S+@\S+/g;
  const spoken = ["aria-label", "title", "placeholder", "alt", "summary"];
  const found = new Set();
  const look = (text) => {
    const rest = names.reduce((rest, name) => rest.replaceAll(name, ""), text);
    if (words.test(rest.replace(addresses, ""))) found.add(text.trim().replace(/\s+/g, " "));
  };
  const marked = `[lang]:not([lang|=zh]), ${selectors}`;
  const other = (element) => element.closest(marked);
  look(document.title.split(" – ")[0]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!other(node.parentElement)) look(node.data);
  for (const element of document.body.querySelectorAll("*"))
    for (const name of spoken)
      if (element.hasAttribute(name) && !other(element)) look(element.getAttribute(name));
  for (const input of document.querySelectorAll("input[type=submit], input[type=button]"))
    look(input.value);
  return [...found];
}"""

NO_SENTENCES = [
    "code, pre, kbd, samp, script, style, template, textarea",
    # What changed in a record, quoted in both languages.
    "table.history li",
    # What a search found, split where the words were found; the page's names are marked.
    ":has(> mark)",
    # Subjects of mails, in both languages at once.
    "#result_list :is(.field-subject, .action-checkbox)",
]
# Help that shows what another language looks like.
EXAMPLES = ["Centre du biogaz"]


def names_without_chinese():
    institutions = Institution.objects.filter(name_zh_hans__isnull=True)
    names = {*institutions.values_list("name", flat=True)}
    names |= {*InstitutionName.objects.values_list("name", flat=True)}
    names |= {*Source.objects.values_list("name", flat=True)}
    return sorted(names - {""}, key=len, reverse=True)


@pytest.mark.parametrize("part", STOPS)
def test_no_english_sentence_on_a_chinese_page(open_page, part):
    walk = Walk(open_page, locale="zh-CN")
    names = [*names_without_chinese(), *EXAMPLES]
    found = []

    for stop in STOPS[part]:
        page = walk.open(stop, "/zh-hans")
        assert page.locator("html").get_attribute("lang").lower() in ("zh-hans", "zh-cn")
        sentences = page.evaluate(ENGLISH, [", ".join(NO_SENTENCES), names])
        found += [f"{stop}: {sentence}" for sentence in sentences]

    assert not found, "\n".join(found)
