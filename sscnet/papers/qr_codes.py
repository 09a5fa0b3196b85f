"""Reading QR codes; apart, as it is done in a process where Django is not set up."""

import io

import zxingcpp
from PIL import Image


def read(picture: bytes) -> list[str]:
    """Return what the QR codes on a picture say, however it is turned."""
    grey = Image.open(io.BytesIO(picture)).convert("L")
    return [one.text for one in zxingcpp.read_barcodes(grey, zxingcpp.BarcodeFormat.QRCode)]
