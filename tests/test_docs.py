"""What the documentation names is there: files, commands, modules, classes, functions."""

import ast
import re

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.deploy.documented import code_blocks

ROOT = settings.BASE_DIR
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("", "docs/", "docs/zh/", "docs/zh/officers/", "benchmarks/")
    for path in ROOT.glob(f"{folder}*.md")
)
FOLDERS = ("benchmarks", "bin", "deploy", "docs", "locale", "meetings", "members", "projects")
FOLDERS += ("secretariat", "sscnet", "static", "templates", "tests")
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)")
ENDINGS = "py|md|html|csv|css|js|toml|lock|svg|png|po|service|socket|timer|conf"
FILE = re.compile(rf"(?<![\w/.<>*-])((?:[\w.-]+/)*[\w.-]+\.(?:{ENDINGS}))(?![\w/])")
FOLDER = re.compile(rf"(?<![\w/.-])((?:{'|'.join(FOLDERS)})/[\w/]*)(?![\w/.<*-])")
MODULE = re.compile(rf"(?<![\w/.])((?:{'|'.join(FOLDERS)})(?:\.(?!(?:{ENDINGS})\b)\w+)+)")
# CamelCase, snake_case or CONSTANT_CASE.
NAME = re.compile(r"(?<![\w/.&?%-])(?:[A-Z]\w*[a-z]\w*[A-Z]\w*|\w+_\w+)")
IN_FILE = re.compile(r"`([\w.]+)` in `([\w/]+\.py)`")
# What the reader makes, and what other programs bring.
NOT_OURS = {
    "APT_MIRROR",
    "PIP_INDEX_URL",
    "RecordModifiedError",
    "axe.min.js",
    "locale/fr/LC_MESSAGES",
    "locale/fr/LC_MESSAGES/django.po",
    "pg_basebackup",
    "pg_dropcluster",
    "pg_restore",
    "set_real_ip_from",
    "pg_stat_activity",
    "pg_terminate_backend",
    "pg_upgradecluster",
    "postgresql.auto.conf",
    "wait_event_type",
}


@pytest.fixture(scope="session")
def files():
    inside = (path for name in FOLDERS for path in (ROOT / name).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in [*inside, *ROOT.glob("*.*")]}


@pytest.fixture(scope="session")
def names(files):
    """Every word of the code and its files."""
    code = [ROOT / name for name in files if name.endswith((".py", ".html", ".toml", ".css"))]
    code += [ROOT / name for name in files if name.startswith("deploy/")]
    code += [ROOT / ".env.example", ROOT / "Makefile"]
    texts = [*files, *(path.read_text(encoding="utf-8") for path in code)]
    return {word for text in texts for word in re.findall(r"\w+", text)}


@pytest.fixture(params=DOCUMENTS)
def document(request):
    return ROOT / request.param


@pytest.fixture
def code(document):
    """What stands in backticks."""
    return CODE.findall(document.read_text(encoding="utf-8"))


def test_links_lead_to_files(document):
    links = [link for link in LINK.findall(document.read_text(encoding="utf-8")) if ":" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_files_and_folders_exist(code, files):
    named = {name for text in code for name in FILE.findall(text)} - NOT_OURS
    missing = [n for n in named if not any(f"/{file}".endswith(f"/{n}") for file in files)]
    folders = {name for text in code for name in FOLDER.findall(text)} - NOT_OURS
    assert missing + [name for name in folders if not (ROOT / name).exists()] == []


def test_modules_exist(code, names):
    modules = {name for text in code for name in MODULE.findall(text)}
    paths = {name: ROOT.joinpath(*name.split(".")) for name in modules}
    assert [name for name, path in paths.items() if not is_module(path, names)] == []


def is_module(path, names):
    """Look for a module, or for a name of the module before."""
    if path.is_dir() or path.with_suffix(".py").exists():
        return True
    return path.parent.with_suffix(".py").exists() and path.name in names


def test_commands_exist(document):
    text = document.read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    assert set(re.findall(r"(?:^ {4}|`)make (\w+)", text, re.MULTILINE)) <= targets
    commands = re.findall(r"(?:manage\.py|(?:^ {4,}|`)sscnet) (\w+)", text, re.MULTILINE)
    assert set(commands) <= get_commands().keys()


def without_comments(blocks):
    return [re.sub("#.*", "", block) for block in blocks]


def test_operating_is_written_in_both_languages_with_the_same_commands():
    english, chinese = (code_blocks(f"docs/{folder}operate.md") for folder in ("", "zh/"))
    assert without_comments(chinese) == without_comments(english)
    lengths = [
        (ROOT / f"docs/{folder}operate.md").read_text().count("\n") for folder in ("", "zh/")
    ]
    assert max(lengths) <= 150


def test_each_code_block_is_run_by_a_test():
    blocks = [
        (document, block)
        for document in DOCUMENTS
        # The commands in Chinese are those in English.
        if not document.startswith(("benchmarks/", "docs/zh/"))
        for block in code_blocks(document)
    ]
    known = {*blocks_that_tests_run()}
    times = {one: sum(is_beginning(one, block) for block in blocks) for one in known}
    assert {one: count for one, count in times.items() if count != 1} == {}
    assert [block for block in blocks if not any(is_beginning(one, block) for one in known)] == []


def is_beginning(one, block):
    return one[0] == block[0] and block[1].startswith(one[1])


def blocks_that_tests_run():
    """Read the calls of `documented` in the tests: a document, and how a block begins."""
    for path in [*ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/**/*.py")]:
        text = path.read_text(encoding="utf-8")
        if "documented(" in text:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "documented":
                    yield tuple(ast.literal_eval(argument) for argument in node.args[:2])


def test_code_stands_indented_so_that_it_is_found(document):
    assert "```" not in document.read_text(encoding="utf-8")


def test_names_occur_in_the_code(code, names):
    named = {name for text in code for name in NAME.findall(text)}
    assert sorted(named - names - NOT_OURS) == []


def test_names_stand_in_the_file_named(document):
    for name, file in IN_FILE.findall(document.read_text(encoding="utf-8")):
        words = re.findall(r"\w+", (ROOT / file).read_text(encoding="utf-8"))
        assert set(name.split(".")) <= set(words), f"{name} is not in {file}"


def test_answers_are_found_by_words_of_the_question(files):
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (.+\?) \| (.+) \| (.+) \|$", text, re.MULTILINE)
    assert len(table) == 11
    searched = {
        name: (ROOT / name).read_text(encoding="utf-8").lower()
        for name in files
        if name.endswith((".py", ".md")) and not name.startswith(("tests/", "CONTRIBUTING"))
    }
    for question, words, answer in table:
        assert words in question.lower()
        found = [name for name, text in searched.items() if words in text]
        assert [name for name in found if f"`{name}`" in answer], f"{words}: {found}"
        assert len(found) <= 8, f"{words}: {found}"


# ------------------------------------------------------------------ docs/asvs.md

# How many requirements of ASVS 5.0.0 up to level 2 each section has; those of level 3 come last.
ASVS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
ASVS_NUMBERS = re.compile(r"(\d+\.\d+)\.(\d+)(?:–(\d+))?")
STANDINGS = {"met", "partly", "not met", "operator", "n.a."}


@pytest.fixture
def asvs():
    """The rows of the tables: numbers, what is asked, how it stands, what shows it."""
    text = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def test_every_requirement_of_asvs_has_one_row(asvs):
    given = [
        f"{section}.{number}"
        for row in asvs
        for section, first, last in ASVS_NUMBERS.findall(row[0])
        for number in range(int(first), int(last or first) + 1)
    ]
    wanted = [f"{section}.{n + 1}" for section, count in ASVS.items() for n in range(count)]
    assert len(wanted) == 253
    assert given == wanted


def test_each_row_says_how_it_stands_and_why(asvs):
    assert {row[2] for row in asvs} == STANDINGS
    assert [row[0] for row in asvs if not row[3] and row[2] not in ("n.a.", "operator")] == []


@pytest.mark.parametrize("name", ["mlps", "gbt37668"])
def test_each_row_of_the_tables_for_china_says_how_it_stands_and_why(name):
    text = (ROOT / f"docs/{name}.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    assert {row[2].strip() for row in rows} <= STANDINGS
    assert [row[1] for row in rows if len(row) != 4 or not row[3].strip()] == []
    assert " not met " in text


def test_tests_that_documents_name_are_there(code):
    named = [text.split("::") for text in code if re.fullmatch(r"tests/\S+\.py::\w+", text)]
    assert [
        test
        for file, test in named
        if f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8")
    ] == []
