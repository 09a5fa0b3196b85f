"""Pictures: which are accepted, and the thumbnails (widths) made of them for pages."""

import io
import uuid
from contextlib import suppress
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy
from PIL import Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from ..parsing.limited import run_limited
from .contents import UNKNOWN, content_of, damage_refused, damaged, look_of

MAX_PICTURE_BYTES = 10 * 1024**2
MAX_PICTURE_PIXELS = 50_000_000
PICTURE_WIDTHS = (320, 640, 1280)
PICTURE_FOLDER = "pictures"
WEBP_QUALITY = 82
JPEG_QUALITY = 82
WEBP_MAX_HEIGHT = 16_383
# A camera writes about ten scans. Each costs a pass over all pixels but only 75 bytes of file.
MAX_JPEG_SCANS = 50

PICTURE_READERS = {"JPEG": JpegImageFile, "PNG": PngImageFile, "WebP": WebPImageFile}


def clean_picture(file: File) -> dict[int, ContentFile]:
    """Re-encode a picture for the pages: upright, in sRGB, without metadata, as WebP.

    Takes a JPEG, PNG or WebP; of an animation only the first frame. Gives a file for each width,
    smallest first, none wider than the original, named as in `picture_names`. Raises
    ValidationError for anything else. Leaves `file` rewound.
    """
    by_width = run_limited(read_picture, content_of(file, MAX_PICTURE_BYTES))
    names = picture_names(f"{PICTURE_FOLDER}/{uuid.uuid4().hex}/{max(by_width)}.webp")
    return {width: ContentFile(by_width[width], name=name) for width, name in names.items()}


def read_picture(content: bytes) -> dict[int, bytes]:
    """Return the picture in each width, smallest first, re-encoded."""
    image = decoded(content)
    largest = _in_srgb(_at_width(image, min(image.width, PICTURE_WIDTHS[-1])))
    return {width: _as_webp(_at_width(largest, width)) for width in _widths(largest.width)}


def picture_names(largest: str) -> dict[int, str]:
    """Return the name of each width of a picture, smallest first, from the name of its largest."""
    folder, _, file_name = largest.rpartition("/")
    own_width = int(file_name.removesuffix(".webp"))
    return {width: f"{folder}/{width}.webp" for width in _widths(own_width)}


def _widths(largest: int) -> list[int]:
    return sorted({min(width, largest) for width in PICTURE_WIDTHS})


def decoded(content: bytes) -> Image.Image:
    with damage_refused():
        image = _opened(content)
        # A large JPEG is decoded at a fraction of its size, which saves most of time and memory.
        image.draft(None, (2 * PICTURE_WIDTHS[-1], 2 * PICTURE_WIDTHS[-1]))
        image.load()
        # An unreadable EXIF block is no reason to refuse: the picture stays as it lies.
        with suppress(Exception):
            ImageOps.exif_transpose(image, in_place=True)
        width = min(image.width, PICTURE_WIDTHS[-1])
        if image.height * width / image.width > WEBP_MAX_HEIGHT:
            message = gettext_lazy("The picture is too tall for its width. Please crop it.")
            raise ValidationError(message, code="too_tall")
        return _resizable(image)


def _opened(content: bytes) -> Image.Image:
    """Read the header, and refuse by it before any pixel is decoded.

    The readers are called directly: `Image.open` warns and refuses by a limit of its own.
    """
    found = look_of(content)
    if found not in PICTURE_READERS:
        message = gettext_lazy("What was found: %(found)s. Accepted: JPEG, PNG and WebP pictures.")
        raise ValidationError(message, code="not_a_picture", params={"found": found or UNKNOWN})
    if found == "JPEG" and content.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise damaged()
    image = PICTURE_READERS[found](io.BytesIO(content))
    width, height = image.size
    if width * height > MAX_PICTURE_PIXELS:
        message = gettext_lazy(
            "The picture has %(width)d × %(height)d pixels; the limit is %(millions)d million. "
            "Please send a smaller one."
        )
        millions = MAX_PICTURE_PIXELS // 1_000_000
        params = {"width": width, "height": height, "millions": millions}
        raise ValidationError(message, code="too_many_pixels", params=params)
    return image


def _resizable(image: Image.Image) -> Image.Image:
    """Bring the picture into a mode that scales well, what is transparent as a channel."""
    if image.mode.startswith("I"):
        # Pillow's own conversion cuts 16-bit grey off at 255.
        image = image.point(lambda value: value / 256).convert("L")
        image.info.pop("transparency", None)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _at_width(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile := image.info.get("icc_profile"):
        # A profile that is broken or made for another mode is left out.
        with suppress(OSError, ImageCms.PyCMSError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, own, srgb, outputMode=mode)
    return image.convert(mode)


def _as_webp(image: Image.Image) -> bytes:
    encoded = io.BytesIO()
    image.save(encoded, "WEBP", quality=WEBP_QUALITY)
    return encoded.getvalue()


def as_jpeg(picture: IO[bytes]) -> bytes:
    """Return a stored picture as a JPEG, for programs that do not know WebP."""
    encoded = io.BytesIO()
    on_white(Image.open(picture)).save(encoded, "JPEG", quality=JPEG_QUALITY)
    return encoded.getvalue()


def on_white(picture: Image.Image) -> Image.Image:
    """Put white behind what is transparent."""
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
