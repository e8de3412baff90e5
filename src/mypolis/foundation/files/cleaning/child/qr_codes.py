"""Reads QR codes on pictures."""

import zxingcpp
from PIL import Image

MOST_CODES = 10
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def texts_of(*pictures: Image.Image) -> list[str]:
    """The texts of the QR codes on the first of the pictures on which one is found. Pictures must be RGB or grey.

    Pass the original first and a smaller copy after it: shrinking loses small codes, but helps with noisy ones.
    """
    for picture in pictures:
        grey = picture if picture.mode == "L" else picture.convert("L")
        codes = zxingcpp.read_barcodes(grey, formats=_QR)
        texts = [code.text for code in codes if code.text]
        if texts:
            return list(dict.fromkeys(texts))[:MOST_CODES]
    return []
