"""Each kind of mail, written in Chinese: no English in its subject, text, link or closing."""

import pytest
from django.utils import translation

from sscnet.outbox import wordings
from sscnet.outbox.rendering import BETWEEN_LANGUAGES, render_parts, whole_text
from tests.english import english_in, is_english


def written(wording):
    """Write a mail with each placeholder's explanation in its place."""
    return render_parts(
        wording,
        dict(wording.words),
        link="/",
        reference="ABC-123",
        reply_to="secretariat@example.org",
    )


@pytest.mark.parametrize("wording", wordings.WORDINGS.values(), ids=lambda wording: wording.key)
def test_a_mail_in_chinese_has_no_english(wording):
    parts = written(wording)
    [part] = [part for part in parts if part.language == "zh-hans"]
    _english, text = whole_text(parts).split(BETWEEN_LANGUAGES)

    assert not is_english(part.subject)
    assert not is_english(part.link_label)
    assert english_in(text) == []
    # So do officers read what it is and what its placeholders hold.
    with translation.override("zh-hans"):
        texts = [str(wording.label), *map(str, wording.words.values())]

    assert [text for text in texts if is_english(text) or text.isascii()] == []
