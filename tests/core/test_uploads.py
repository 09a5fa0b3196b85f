import io
import re
import struct
import zipfile
import zlib
from contextlib import suppress

import openpyxl
import pytest
import typst
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from pypdf import PdfWriter

from sscnet.core.uploads import documents, pictures, scans, validators
from tests.calls.proposals.complete import picture_of_page

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><title>a,b</title>"
OFFICE_TYPE = "application/vnd.openxmlformats-officedocument"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY e0 "ha">'
    + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    + "]><Types>&e9;</Types>"
)
MAIN_PARTS = {
    "docx": ("/word/document.xml", f"{OFFICE_TYPE}.wordprocessingml.document.main+xml"),
    "pptx": ("/ppt/presentation.xml", f"{OFFICE_TYPE}.presentationml.presentation.main+xml"),
}


def picture(kind="JPEG", size=(8, 6), colour="red", mode="RGB", **options):
    content = io.BytesIO()
    Image.new(mode, size, colour).save(content, kind, **options)
    return content.getvalue()


def png_chunk(name, content):
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def png(width, height, colour_type=0, **chunks):
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    chunks = {"IHDR": header, **chunks, "IDAT": zlib.compress(bytes(1000)), "IEND": b""}
    parts = (png_chunk(name.encode(), content) for name, content in chunks.items())
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def archive(members, packing=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", packing) as file:
        for name, member in members.items():
            file.writestr(name, member)
    return content.getvalue()


def office_members(extension, other_types=""):
    part, content_type = MAIN_PARTS[extension]
    main_type = f'<Override PartName="{part}" ContentType="{content_type}"/>'
    types = f"<Types>{other_types}{main_type}</Types>"
    return {"[Content_Types].xml": types, part.lstrip("/"): "<document/>"}


MACRO = '<Override ContentType="application/x.&#118;baProject"/>'


def odt_members(content_type="application/vnd.oasis.opendocument.text"):
    return {"mimetype": content_type, "content.xml": "<document/>"}


def xlsx():
    content = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["code", "title"])
    book.save(content)
    return content.getvalue()


def cleaned(content):
    """Give the pictures made of `content` by width, opened."""
    files = pictures.clean_picture(io.BytesIO(content))
    return {width: Image.open(file) for width, file in files.items()}


def picture_refusal(content):
    return refusal(pictures.clean_picture, content)


def document_refusal(content):
    return refusal(documents.check_document, content)


def refusal(check, content):
    with pytest.raises(ValidationError) as caught:
        check(io.BytesIO(content))
    assert caught.value.messages[0]
    return caught.value.code


def test_a_letter_may_be_a_scan_or_a_document_and_nothing_else():
    for kind in ("JPEG", "PNG"):
        assert documents.check_letter(io.BytesIO(picture(kind))) == documents.SCANS[kind]
    assert documents.check_letter(io.BytesIO(picture("PDF"))) == documents.PDF
    assert refusal(documents.check_letter, picture("GIF")) == "not_a_document"
    assert refusal(documents.check_letter, xlsx()) == "not_a_document"
    with pytest.raises(ValidationError, match=r"unknown content.*and scans as JPEG or PNG"):
        documents.check_letter(io.BytesIO(b"Dear Secretariat"))
    assert refusal(documents.check_letter, picture("PNG", (400, 300))[:-200]) == "damaged"


def kind_of(content):
    return documents.check_document(io.BytesIO(content)).extension


# Pictures.


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_becomes_webp_in_each_width_of_the_pages(kind):
    pictures = cleaned(picture(kind, size=(2000, 1000)))

    assert {width: image.size for width, image in pictures.items()} == {
        320: (320, 160),
        640: (640, 320),
        1280: (1280, 640),
    }
    assert {image.format for image in pictures.values()} == {"WEBP"}


def test_picture_is_never_enlarged_and_keeps_its_colours():
    for width, widths in {1: [1], 320: [320], 700: [320, 640, 700]}.items():
        assert list(cleaned(picture(size=(width, 10)))) == widths
    image = cleaned(picture("PNG", size=(700, 10), colour=(200, 100, 50)))[700]
    assert image.getpixel((5, 5)) == pytest.approx((200, 100, 50), abs=3)


def test_picture_loses_its_metadata():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    content = picture(exif=exif, comment=b"a secret comment", xmp=b"<x>a secret packet</x>")

    file = pictures.clean_picture(io.BytesIO(content))[8]

    assert not {"exif", "xmp", "icc_profile", "comment"} & Image.open(file).info.keys()
    assert not re.search(rb"taken at home|secret|EXIF|XMP|ICCP", file.read())


def test_picture_is_turned_upright_whatever_else_its_exif_says():
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    for kind in ("JPEG", "PNG", "WEBP"):
        assert cleaned(picture(kind, size=(40, 20), exif=exif))[20].size == (20, 40)

    # One that cannot be read leaves the picture as it lies.
    content = picture(exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff")
    assert cleaned(content)[8].size == (8, 6)

    # The description is a number here, on which Pillow stumbles after it has turned the picture.
    entries = struct.pack(">HHIIHHIHH", 0x010E, 5, 1, 38, 0x0112, 3, 1, 6, 0)
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02" + entries + bytes(4) + struct.pack(">II", 1, 2)

    assert cleaned(picture(size=(40, 20), exif=exif))[20].size == (20, 40)


def test_colours_of_another_profile_become_srgb():
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = swapped.index(b"rXYZ"), swapped.index(b"bXYZ")
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"

    image = cleaned(picture("PNG", colour=(255, 0, 0), icc_profile=bytes(swapped)))[8]

    assert image.getpixel((4, 3)) == pytest.approx((0, 0, 255), abs=6)

    # A broken profile is left out.
    image = cleaned(picture("PNG", colour=(200, 100, 50), icc_profile=b"no profile"))[8]

    assert image.getpixel((4, 3)) == pytest.approx((200, 100, 50), abs=3)


def test_transparency_is_kept_and_a_palette_blended_when_scaled():
    for kind in ("PNG", "WEBP"):
        image = cleaned(picture(kind, mode="RGBA", colour=(200, 0, 0, 90)))[8]
        assert image.mode == "RGBA"
        assert image.getpixel((4, 3))[3] == 90
    content = picture("PNG", mode="P", colour=0, transparency=b"\x50")
    assert cleaned(content)[8].getpixel((4, 3))[3] == 0x50

    stripes = Image.frombytes("P", (2560, 2), bytes([0, 1] * 2560))
    stripes.putpalette([0, 0, 0, 255, 255, 255])
    content = io.BytesIO()
    stripes.save(content, "PNG")

    image = cleaned(content.getvalue())[1280]

    assert image.getpixel((640, 0)) == pytest.approx((128,) * 3, abs=9)


def test_grey_picture_keeps_its_shade_and_one_for_print_becomes_rgb():
    for kind, mode, colour in (
        *(("PNG", "I;16", 40000), ("PNG", "L", 156), ("PNG", "LA", (156, 255))),
        ("JPEG", "L", 156),
    ):
        image = cleaned(picture(kind, mode=mode, colour=colour))[8]
        assert image.convert("RGB").getpixel((4, 3)) == pytest.approx((156,) * 3, abs=2)

    image = cleaned(picture("JPEG", mode="CMYK", colour=(0, 255, 255, 0)))[8]

    assert image.getpixel((4, 3)) == pytest.approx((255, 0, 0), abs=6)


def test_animation_becomes_its_first_picture():
    later = [Image.new("RGB", (8, 6), "blue")]
    for kind in ("PNG", "WEBP"):
        content = picture(kind, colour="red", save_all=True, append_images=later, duration=100)
        image = cleaned(content)[8]
        assert image.n_frames == 1
        assert image.getpixel((4, 3)) == pytest.approx((255, 0, 0), abs=6)


@pytest.mark.parametrize(
    "content",
    [
        picture(comment=SCRIPT),
        picture() + SCRIPT,
        picture() + archive({"a.html": SCRIPT}, zipfile.ZIP_STORED),
        picture("PNG") + SCRIPT,
        png(8, 6, tEXt=b"Comment\0" + SCRIPT),
        picture("WEBP", xmp=SCRIPT),
    ],
)
def test_script_in_a_picture_is_gone(content):
    assert SCRIPT in content

    files = pictures.clean_picture(io.BytesIO(content)).values()

    assert not any(b"script" in file.read() for file in files)


@pytest.mark.parametrize(
    "content",
    [
        png(30_000, 30_000),
        png(8_000, 6_251),
        re.sub(rb"(?<=\xff\xc0...)....", b"\xff" * 4, picture(), flags=re.DOTALL),
    ],
)
def test_picture_of_too_many_pixels_is_refused_by_its_header(content):
    # There is next to nothing behind the header: after an attempt to decode it were "damaged".
    assert picture_refusal(content) == "too_many_pixels"


def test_pixels_are_counted_to_the_last_one(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PICTURE_PIXELS", 48)

    assert list(pictures.read_picture(picture(size=(8, 6)))) == [8]
    with pytest.raises(ValidationError, match="The picture has 7 × 7 pixels"):
        pictures.read_picture(picture(size=(7, 7)))


def test_jpeg_of_countless_scans_is_refused():
    content = picture(progressive=True)
    last_scan = content[content.rindex(b"\xff\xda") : -2]

    assert picture_refusal(content[:-2] + last_scan * 50 + content[-2:]) == "damaged"


def test_file_of_more_bytes_than_allowed_and_an_empty_one_are_refused():
    assert picture_refusal(bytes(10 * 1024**2 + 1)) == "too_large"
    assert picture_refusal(bytes(10 * 1024**2)) == "not_a_picture"
    assert document_refusal(bytes(25 * 1024**2 + 1)) == "too_large"
    assert document_refusal(bytes(25 * 1024**2)) == "not_a_document"
    assert picture_refusal(b"") == document_refusal(b"") == "empty"


def test_cut_off_or_too_tall_picture_and_a_palette_without_colours_are_refused():
    for kind in ("JPEG", "PNG", "WEBP"):
        content = picture(kind, size=(200, 200))
        assert picture_refusal(content[: len(content) // 2]) == "damaged"
    assert picture_refusal(png(8, 6, colour_type=3)) == "damaged"
    assert picture_refusal(picture("PNG", size=(1, 16_384))) == "too_tall"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (picture("GIF"), "GIF"),
        (picture("BMP"), "BMP"),
        (picture("TIFF"), "TIFF"),
        (picture("AVIF"), "AVIF"),
        (picture("PDF"), "PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (SVG, "SVG"),
        (b'<?xml version="1.0"?>\n<!-- a drawing -->\n' + SVG, "SVG"),
        (HTML, "HTML"),
        (b"no picture", "unknown content"),
    ],
)
def test_anything_else_is_no_picture_and_is_named(content, found):
    with pytest.raises(ValidationError) as caught:
        pictures.clean_picture(SimpleUploadedFile("photo.jpg", content, "image/jpeg"))

    assert caught.value.code == "not_a_picture"
    assert caught.value.messages == [
        f"What was found: {found}. Accepted: JPEG, PNG and WebP pictures."
    ]


def test_pictures_are_stored_under_random_names_side_by_side():
    # Their own name does not matter.
    pictures.clean_picture(SimpleUploadedFile("../evil.html", picture(), "text/html"))
    first, second = (
        [file.name for file in pictures.clean_picture(io.BytesIO(picture(size=(700, 9)))).values()]
        for _ in range(2)
    )

    assert re.fullmatch(r"pictures/[0-9a-f]{32}/700\.webp", first[-1])
    assert list(pictures.picture_names(first[-1]).values()) == first
    assert not set(first) & set(second)


# Documents.


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (picture("PDF"), "pdf"),
        (archive(office_members("docx")), "docx"),
        (archive(office_members("pptx")), "pptx"),
        (xlsx(), "xlsx"),
        (archive(odt_members()), "odt"),
    ],
)
def test_document_is_known_by_its_content(content, extension):
    file = SimpleUploadedFile("evil.html", content, "text/html")

    kind = documents.check_document(file)

    assert kind == documents.DOCUMENT_KINDS[extension]


def test_types_may_be_declared_in_capital_letters():
    members = office_members("docx")
    types = members["[Content_Types].xml"].replace("application/vnd", "Application/VND")

    assert kind_of(archive(members | {"[Content_Types].xml": types})) == "docx"
    # And the main part may have any name.
    types = members["[Content_Types].xml"].replace("document.xml", "document2.xml")

    content = archive({"[Content_Types].xml": types, "word/document2.xml": "<document/>"})

    assert kind_of(content) == "docx"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (HTML, "HTML"),
        (b"\xef\xbb\xbf \n<HTML>", "HTML"),
        (SVG, "SVG"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (picture("JPEG"), "JPEG"),
        (picture("GIF"), "GIF"),
        (rb"{\rtf1\ansi a, b}", "RTF"),
        (b"MZ" + bytes(100) + b"PE\0\0", "EXE"),
        (archive({"a.txt": "text"}), "ZIP"),
        (archive({}), "ZIP"),
        (bytes(range(256)), "unknown content"),
        (b"code,title\nSSC-0001,Biogas\n", "unknown content"),
    ],
)
def test_anything_else_is_no_document_and_is_named(content, found):
    with pytest.raises(ValidationError) as caught:
        documents.check_document(SimpleUploadedFile("report.pdf", content, "application/pdf"))

    accepted = "Accepted: PDF, DOCX, XLSX, PPTX and ODT."
    assert caught.value.code == "not_a_document"
    assert caught.value.messages == [f"What was found: {found}. {accepted}"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n" + HTML, "damaged"),
        (picture("PDF")[:-20], "damaged"),
        (b"%PDF-<script>" + picture("PDF"), "damaged"),
        (picture("PDF") + HTML * 100, "damaged"),
        (HTML + picture("PDF"), "not_a_document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "old_office"),
        (archive(office_members("docx") | {"word/vbaProject.bin": "macro"}), "macros"),
        (archive(office_members("docx") | {"word/VBAPROJECT.BIN": "macro"}), "macros"),
        (archive(office_members("docx", MACRO)), "macros"),
        (archive(odt_members() | {"Basic/Standard/Module1.xml": "macro"}), "macros"),
    ],
)
def test_what_is_no_whole_pdf_or_holds_macros_is_refused(content, code):
    assert document_refusal(content) == code


def test_password_and_archive_that_says_it_unpacks_to_too_much_are_refused():
    content = archive(odt_members())
    directory, last_entry = content.index(b"PK\x01\x02"), content.rindex(b"PK\x01\x02")
    size = struct.pack("<I", documents.MAX_UNPACKED_BYTES)

    encrypted = content[: directory + 8] + b"\x01" + content[directory + 9 :]
    bomb = content[: last_entry + 24] + size + content[last_entry + 28 :]

    assert document_refusal(encrypted) == "encrypted"
    assert document_refusal(bomb) == "unpacks_to_too_much"


def test_archive_of_too_many_entries_is_refused():
    members = office_members("docx") | {f"word/{number}.xml": "" for number in range(9_999)}

    assert document_refusal(archive(members, zipfile.ZIP_STORED)) == "unpacks_to_too_much"


def test_part_that_unpacks_to_more_than_it_says_is_read_no_further():
    members = office_members("docx")
    members["[Content_Types].xml"] += " " * (documents.MAX_PART_BYTES + 1) + "<no xml>"

    assert kind_of(archive(members)) == "docx"


@pytest.mark.parametrize(
    "content",
    [
        archive(office_members("docx"))[:-30],
        archive({"a.html": HTML}) + archive(office_members("docx")),
        archive(odt_members(), zipfile.ZIP_BZIP2),
        archive(odt_members() | {"CONTENT.xml": "<another/>"}),
        archive(office_members("docx") | {"[Content_Types].xml": "<Types>"}),
        archive(office_members("docx") | {"[Content_Types].xml": "<?xml encoding='utf-7'?>"}),
        archive(office_members("docx") | {"[Content_Types].xml": LAUGHS}),
    ],
)
def test_broken_or_ambiguous_archive_is_refused(content):
    assert document_refusal(content) == "damaged"


@pytest.mark.parametrize(
    "members",
    [
        {"[Content_Types].xml": office_members("docx")["[Content_Types].xml"]},
        {"word/document.xml": "<document/>"},
        odt_members("application/vnd.oasis.opendocument.graphics"),
        {"mimetype": "application/vnd.oasis.opendocument.text"},
        {"report.docx": archive(office_members("docx"))},
        office_members("pptx", f'<Override PartName="/a" ContentType="{MAIN_PARTS["docx"][1]}"/>')
        | {"a": "<another main part/>"},
    ],
)
def test_archive_without_one_main_part_is_no_document(members):
    assert document_refusal(archive(members)) == "not_a_document"


def test_document_is_stored_under_a_random_name():
    names = {documents.document_name(documents.PDF) for _ in range(3)}

    assert len(names) == 3
    assert all(re.fullmatch(r"documents/[0-9a-f]{32}\.pdf", name) for name in names)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Final report: biogas / Viet Nam", "Final report biogas Viet Nam.pdf"),
        ("沼气项目报告", "沼气项目报告.pdf"),
        ("Me\u0301xico", "M\u00e9xico.pdf"),
        ("../../etc/passwd", "etc passwd.pdf"),
        ("report\u202efdp.exe\r\nX: y", "report fdp.exe X y.pdf"),
        (" . ", "document.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
    ],
)
def test_download_is_offered_under_a_readable_name(title, name):
    assert documents.safe_download_name(title, "pdf") == name


# As validators of a field.


@pytest.mark.parametrize(
    ("validate", "content"),
    [
        (validators.validate_picture, picture()),
        (validators.validate_document, picture("PDF")),
        (validators.validate_picture, HTML),
        (validators.validate_document, HTML),
    ],
)
def test_validator_leaves_the_file_at_its_start(validate, content):
    file = SimpleUploadedFile("file", content)
    file.read(3)
    try:
        validate(file)
    except ValidationError:
        assert content == HTML

    assert file.tell() == 0


@pytest.mark.parametrize("validate", [validators.validate_picture, validators.validate_document])
def test_validator_judges_what_comes_and_passes_what_is_stored(validate):
    file = FieldFile(None, FileField(), "report.pdf")
    validate(file)

    file.file, file._committed = ContentFile(HTML), False
    with pytest.raises(ValidationError):
        validate(file)


# Whatever the bytes, the answer is a refusal or a picture or a kind, and nothing else is raised.

SAMPLES = [picture("JPEG"), picture("PNG"), picture("WEBP"), picture("PNG", mode="P", colour=0)]
SAMPLES += [picture("PDF"), xlsx(), archive(odt_members())]


@st.composite
def damaged_file(draw):
    content = bytearray(draw(st.sampled_from(SAMPLES)))
    place = st.integers(0, len(content) - 1)
    for position, byte in draw(st.lists(st.tuples(place, st.integers(0, 255)), max_size=20)):
        content[position] = byte
    return bytes(content[: draw(place) + 1] if draw(st.booleans()) else content)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@settings(max_examples=100, deadline=None)
@given(content=st.binary(min_size=1) | damaged_file())
def test_no_bytes_raise_anything_but_a_refusal(content):
    for read in (pictures.read_picture, documents.read_document):
        with suppress(ValidationError):
            read(content)


def test_on_a_signed_letter_something_can_be_read():
    plain = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(plain)
    for content, code in (
        (picture_of_page(), ""),
        (picture_of_page("PNG"), ""),
        (typst.compile(b"The Ministry of Energy endorses the project on biogas for villages."), ""),
        (picture_of_page(ink="white"), "one_colour"),
        (picture_of_page("PNG", ink="white"), "one_colour"),
        (picture_of_page(size=(999, 1754)), "too_small"),
        (picture_of_page("PNG", size=(1000, 1399)), "too_small"),
        (plain.getvalue(), "no_text"),
        (b"%PDF-1.4 nothing", "damaged"),
    ):
        refused = ""
        try:
            scans.read_scan(content)
        except ValidationError as error:
            refused = error.code
        assert refused == code
