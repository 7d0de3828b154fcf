"""One colour of an organization made into the five roles of the tokens, in both themes, each readable. Pure.

The hue is theirs, the lightness is ours: what stands on what keeps the contrast of WCAG 2.2 (1.4.3: 4.5:1 for
text). OKLCH as in CSS Color 4; contrast as in WCAG 2.2, relative luminance.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

Linear = tuple[float, float, float]
TEXT = 4.5
#: The lightest and darkest grounds that text in this colour stands on (static/css/tokens.css).
LIGHT_GROUND, DARK_GROUND = "#f1f3f7", "#25272d"
WHITE, INK = "#ffffff", "#10131a"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class BadColour(ValueError):
    """Not a colour of the form ``#1a2b3c``."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A role in the light and in the dark theme."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The roles, and what was done to the colour so that it can be read."""

    asked: str
    soft: Pair
    line: Pair
    text: Pair
    solid: Pair
    on: Pair
    contrast: float
    """Of the colour as it was asked for, with white words on it."""

    @property
    def is_corrected(self) -> bool:
        """Whether buttons have another lightness than was asked for."""
        return self.solid.light != self.asked


@lru_cache(maxsize=256)
def palette(colour: str) -> Palette:
    """The roles of a colour. Raises :class:`BadColour`."""
    if not _HEX.fullmatch(colour):
        raise BadColour(colour)
    asked = colour.lower()
    lightness, chroma, hue = _oklch(asked)
    soft = Pair(_hex(0.955, min(chroma, 0.105) * 0.26, hue), _hex(0.275, min(chroma, 0.105) * 0.42, hue))
    return Palette(
        asked=asked,
        soft=soft,
        line=Pair(_hex(0.85, chroma * 0.6, hue), _hex(0.43, chroma * 0.7, hue)),
        text=Pair(
            _until(min(lightness, 0.5), -0.01, chroma, hue, (soft.light, LIGHT_GROUND)),
            _until(max(lightness, 0.78), 0.01, chroma, hue, (soft.dark, DARK_GROUND)),
        ),
        solid=Pair(
            _until(lightness, -0.005, chroma, hue, (WHITE, LIGHT_GROUND), first=asked),
            _until(max(lightness, 0.76), 0.01, chroma, hue, (INK, DARK_GROUND)),
        ),
        on=Pair(WHITE, INK),
        contrast=contrast(asked, WHITE),
    )


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _until(
    lightness: float, step: float, chroma: float, hue: float, grounds: tuple[str, ...], first: str = ""
) -> str:
    """The nearest lightness, going one way, that can be read on each of the grounds."""
    found = first or _hex(lightness, chroma, hue)
    while any(contrast(found, ground) < TEXT for ground in grounds) and 0 < lightness < 1:
        lightness += step
        found = _hex(max(0.0, min(1.0, lightness)), chroma, hue)
    return found


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The colour a screen can show that is nearest in hue and lightness: chroma gives way."""
    while True:
        linear = _linear(lightness, chroma, hue)
        if chroma <= 0.001 or all(-0.0005 <= part <= 1.0005 for part in linear):
            return "#" + "".join(f"{round(_gamma(max(0.0, min(1.0, part))) * 255):02x}" for part in linear)
        chroma -= 0.004


def _parts(colour: str) -> Linear:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _straight(red), _straight(green), _straight(blue)


def _straight(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = _parts(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _parts(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _linear(lightness: float, chroma: float, hue: float) -> Linear:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
