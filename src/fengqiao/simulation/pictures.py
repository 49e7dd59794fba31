"""Small drawn pictures for the invented reports, so that no real place or person is ever shown."""

import io
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (320, 240)
SKIES = ("#9fb8c8", "#c9bfa8", "#5f6f7d", "#d8c7a0")
# What stands in the picture, by class of the category.
SCENES = {
    "02": "corridor", "03": "wall", "04": "road", "05": "street", "06": "river", "07": "shelf", "08": "wall", "09": "paper",
    "10": "paper", "11": "paper", "12": "road",
}  # fmt: skip


def picture(category: str, *, mended: bool, chance: random.Random) -> SimpleUploadedFile:
    """Draw what was reported, or the same place once it is mended."""
    canvas = Image.new("RGB", SIZE, chance.choice(SKIES))
    draw = ImageDraw.Draw(canvas)
    {"road": _road, "street": _street, "corridor": _corridor, "river": _river, "paper": _paper, "shelf": _shelf, "wall": _wall}[
        SCENES.get(category[:2], "street")
    ](draw, mended, chance)
    draw.rectangle((8, 210, 92, 230), fill="#1f2a33")
    draw.text((14, 214), "AFTER" if mended else "BEFORE", fill="#faf9f6")
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=70)
    return SimpleUploadedFile("after.jpg" if mended else "before.jpg", out.getvalue(), "image/jpeg")


def _houses(draw: ImageDraw.ImageDraw, chance: random.Random, ground: int) -> None:
    left = -10
    while left < 320:
        width, height = chance.randint(40, 80), chance.randint(50, 120)
        draw.rectangle((left, ground - height, left + width, ground), fill=chance.choice(("#8d7f70", "#7a848c", "#a08e78")))
        for row in range(ground - height + 10, ground - 14, 22):
            for column in range(left + 8, left + width - 12, 18):
                draw.rectangle((column, row, column + 9, row + 12), fill=chance.choice(("#e7d9a8", "#4d5a64")))
        left += width + 6


def _road(draw: ImageDraw.ImageDraw, mended: bool, chance: random.Random) -> None:
    _houses(draw, chance, 130)
    draw.polygon([(110, 130), (210, 130), (320, 240), (0, 240)], fill="#4b5157")
    for top in range(140, 240, 28):
        draw.rectangle((156, top, 164, top + 14), fill="#e3e0d9")
    x, y = chance.randint(90, 200), chance.randint(165, 200)
    draw.ellipse((x, y, x + 60, y + 22), fill="#565d64" if mended else "#15181b", outline=None if mended else "#b2401e")


def _street(draw: ImageDraw.ImageDraw, mended: bool, chance: random.Random) -> None:
    _houses(draw, chance, 170)
    draw.rectangle((0, 170, 320, 240), fill="#6b6f70")
    pole = chance.randint(60, 240)
    draw.rectangle((pole, 40, pole + 6, 190), fill="#2d353d")
    draw.line((pole, 44, pole + 40, 44), fill="#2d353d", width=5)
    if mended:
        draw.ellipse((pole + 28, 44, pole + 52, 62), fill="#ffe9a8")
        draw.line((0, 60, 320, 52), fill="#1f2a33", width=2)
    else:
        draw.line((0, 60, pole, 56, pole + 20, 200, pole + 70, 206), fill="#111111", width=3)
        draw.polygon([(20, 205), (52, 205), (36, 178)], fill="#b2401e")


def _corridor(draw: ImageDraw.ImageDraw, mended: bool, chance: random.Random) -> None:
    draw.polygon([(0, 0), (110, 60), (110, 170), (0, 240)], fill="#b9b2a4")
    draw.polygon([(320, 0), (210, 60), (210, 170), (320, 240)], fill="#aaa395")
    draw.polygon([(110, 170), (210, 170), (320, 240), (0, 240)], fill="#77716a")
    draw.rectangle((110, 60, 210, 170), fill="#d8d2c4")
    for _box in range(0 if mended else chance.randint(3, 6)):
        x, y = chance.randint(20, 250), chance.randint(150, 195)
        draw.rectangle((x, y, x + chance.randint(25, 50), y + chance.randint(20, 36)), fill=chance.choice(("#8a6d3b", "#6e5630")))


def _river(draw: ImageDraw.ImageDraw, mended: bool, chance: random.Random) -> None:
    _houses(draw, chance, 110)
    draw.rectangle((0, 110, 320, 150), fill="#6f8257")
    draw.polygon([(0, 170), (320, 150), (320, 240), (0, 240)], fill="#56809a" if mended else "#7d7c52")
    for _spot in range(0 if mended else 26):
        x, y = chance.randint(0, 310), chance.randint(175, 232)
        draw.ellipse((x, y, x + 14, y + 6), fill="#e6e4d8")


def _paper(draw: ImageDraw.ImageDraw, mended: bool, chance: random.Random) -> None:
    draw.rectangle((70, 20, 250, 232), fill="#fffdf6", outline="#c9c4b8")
    for top in range(50, 200, 16):
        draw.rectangle((90, top, chance.randint(170, 232), top + 5), fill="#8b8f92")
    if mended:
        draw.ellipse((180, 168, 232, 220), outline="#b3261e", width=4)


def _shelf(draw: ImageDraw.ImageDraw, mended: bool, chance: random.Random) -> None:
    draw.rectangle((20, 20, 300, 220), fill="#cfc5b2")
    for top in (70, 130, 190):
        draw.rectangle((20, top, 300, top + 6), fill="#7c6a4f")
        for left in range(30, 280, 26):
            if not mended or chance.random() < 0.4:
                draw.rectangle((left, top - 34, left + 18, top), fill=chance.choice(("#b2401e", "#0b5cad", "#1c6b3a", "#e3b23c")))


def _wall(draw: ImageDraw.ImageDraw, mended: bool, chance: random.Random) -> None:
    draw.rectangle((0, 0, 320, 240), fill="#cbb9a0")
    for row in range(0, 240, 24):
        for left in range(-20 if row % 48 else 0, 320, 44):
            draw.rectangle((left, row, left + 42, row + 22), outline="#b09c80")
    if not mended:
        x, y = chance.randint(60, 200), 10
        way = [(x, y)]
        while y < 225:
            x, y = x + chance.randint(-18, 24), y + chance.randint(12, 26)
            way.append((x, y))
        draw.line(way, fill="#3a2d20", width=5)
