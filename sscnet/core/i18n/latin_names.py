"""Chinese names in Latin letters, as passports of China write them; a proposal, to be corrected."""

import unicodedata

from pypinyin import Style, lazy_pinyin

LONGEST = 4
# As surnames these are read otherwise than in most words.
SURNAMES = {
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "曾": "zeng",
    "查": "zha",
    "盖": "ge",
    "朴": "piao",
    "区": "ou",
    "乐": "yue",
    "翟": "zhai",
    "覃": "qin",
    "员": "yun",
    "种": "chong",
    "缪": "miao",
    "繁": "po",
    "祭": "zhai",
    "洗": "xian",
    "折": "she",
    "黑": "he",
    "召": "shao",
}
TWO_SIGNS = (
    "欧阳 司马 上官 诸葛 司徒 东方 夏侯 皇甫 公孙 慕容 宇文 端木 南宫 西门 独孤 轩辕 闻人 "
    "百里 呼延 太史 "
    "申屠 公冶 宗政 濮阳 淳于 赫连 钟离 鲜于 闾丘 司空 第五 令狐 尉迟 万俟 长孙 澹台 单于"
)


def latin_of(chinese: str) -> tuple[str, str]:
    """Return family name and given names; both empty for a name that is not a Chinese one."""
    name = "".join(chinese.split())
    is_han = all("CJK" in unicodedata.name(sign, "") for sign in name)
    if not (is_han and 1 < len(name) <= LONGEST):
        return "", ""
    family = name[: 2 if len(name) > 2 and name[:2] in TWO_SIGNS else 1]
    return in_letters(family, SURNAMES.get(family)), in_letters(name[len(family) :])


def pinyin_of(name: str) -> str:
    """Return a Chinese name as English writes it, 李伟 as Wei LI; empty for any other name."""
    family, given = latin_of(name)
    return f"{given} {family.upper()}" if family and given else ""


def in_letters(han: str, reading: str | None = None) -> str:
    # Passports write YU for ü: LYU, NYU.
    text = (reading or "".join(lazy_pinyin(han, style=Style.NORMAL))).replace("v", "yu")
    return text.capitalize() if text.isascii() else ""
