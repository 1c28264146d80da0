"""SVG by hand: the few shapes that the pictures are made of, as strings.

A picture is a string that begins with ``<svg`` and uses the classes of :mod:`cnnlab.figures.palette`. Shown live, its
colors follow the page; :func:`standalone` puts the colors of one theme inside, and :func:`to_png` renders that.
"""

import html
from collections.abc import Iterable

from cnnlab.figures.palette import THEMES, stylesheet


def fmt(value: float) -> str:
    """A coordinate with at most two decimals and no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def text_width(content: str, size: float) -> float:
    """About how wide a text is in DejaVu Sans, in pixels."""
    return size * sum(_ADVANCES.get(sign, 0.64) for sign in content)


_ADVANCES = {"−": 0.84, "+": 0.84, ".": 0.32, ",": 0.32, " ": 0.32, "1": 0.64}


def text(x: float, y: float, content: str, size: float = 14, classes: str = "") -> str:
    """One line of text; ``classes`` without their prefix, such as "gray middle"."""
    names = " ".join(["cl-text", *(f"cl-{c}" for c in classes.split())])
    return (
        f'<text class="{names}" x="{fmt(x)}" y="{fmt(y)}" font-size="{fmt(size)}">'
        f"{html.escape(content, quote=False)}</text>"
    )


def rect(x: float, y: float, width: float, height: float, classes: str, opacity: float | None = None) -> str:
    """A rectangle of one class, such as "pos" or "outline"."""
    names = " ".join(f"cl-{c}" for c in classes.split())
    faded = "" if opacity is None else f' fill-opacity="{opacity:.2f}"'
    return f'<rect class="{names}" x="{fmt(x)}" y="{fmt(y)}" width="{fmt(width)}" height="{fmt(height)}"{faded}/>'


def line(x0: float, y0: float, x1: float, y1: float, classes: str, width: float, dashes: str | None = None) -> str:
    """A straight line of one class, such as "pos-line"; ``dashes`` as SVG takes them, such as "6 3"."""
    names = " ".join(f"cl-{c}" for c in classes.split())
    dashed = "" if dashes is None else f' stroke-dasharray="{dashes}"'
    return (
        f'<line class="{names}" x1="{fmt(x0)}" y1="{fmt(y0)}" x2="{fmt(x1)}" y2="{fmt(y1)}" '
        f'stroke-width="{fmt(width)}"{dashed}/>'
    )


def circle(x: float, y: float, radius: float, classes: str) -> str:
    """A circle of one class."""
    names = " ".join(f"cl-{c}" for c in classes.split())
    return f'<circle class="{names}" cx="{fmt(x)}" cy="{fmt(y)}" r="{fmt(radius)}"/>'


def path(d: str, classes: str, width: float, dashes: str | None = None) -> str:
    """Straight lines of one class, such as "ink-line", one after the other; ``d`` as SVG takes it."""
    names = " ".join(f"cl-{c}" for c in classes.split())
    dashed = "" if dashes is None else f' stroke-dasharray="{dashes}"'
    return f'<path class="{names}" stroke-width="{fmt(width)}" stroke-linejoin="round"{dashed} d="{d}"/>'


def image(x: float, y: float, width: float, height: float, uri: str) -> str:
    """A bitmap, its pixels kept square and sharp (resvg knows the older word for it, the style sheet has the newer)."""
    return (
        f'<image x="{fmt(x)}" y="{fmt(y)}" width="{fmt(width)}" height="{fmt(height)}" preserveAspectRatio="none" '
        f'image-rendering="optimizeSpeed" href="{uri}"/>'
    )


def group(content: Iterable[str], **attributes: str | float | None) -> str:
    """A ``<g>``; an underscore in an attribute's name stands for a hyphen, and one that is None is left out."""
    given = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(fmt(v) if isinstance(v, float) else str(v))}"'
        for name, v in attributes.items()
        if v is not None
    )
    return f"<g{given}>{''.join(content)}</g>"


def document(width: float, height: float, content: Iterable[str], label: str, **data: str | float) -> str:
    """A whole picture; ``label`` is read to people who cannot see it, ``data`` becomes data-attributes."""
    attributes = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cnnlab" viewBox="0 0 {fmt(width)} {fmt(height)}" '
        f'width="{fmt(width)}" height="{fmt(height)}" role="group" aria-label="{html.escape(label)}"{attributes}>'
        f"{''.join(content)}</svg>"
    )


def standalone(svg: str, theme: str = "light") -> str:
    """The picture with its colors and its paper inside, for a file or a page without our style sheet.

    Its rules are for itself alone: in a page the style of one picture would color all others, too.
    """
    head, body = svg.replace('class="cnnlab"', 'class="cnnlab cnnlab-alone"', 1).split(">", 1)
    rules = "\n".join(f".cnnlab-alone {rule}" for rule in stylesheet(theme).splitlines())
    return f'{head}><style>{rules}</style><rect class="cl-paper" width="100%" height="100%"/>{body}'


def to_png(svg: str, theme: str = "light", scale: float = 1.0) -> bytes:
    """The picture as a PNG with DejaVu Sans, the same bytes on every machine.

    The fonts are the ones that matplotlib ships; fonts of the system are not looked at.
    """
    if theme not in THEMES:
        raise ValueError(f"theme must be one of {', '.join(THEMES)}, but is {theme!r}")
    from importlib.util import find_spec
    from pathlib import Path

    import resvg_py

    found = find_spec("matplotlib")
    assert found is not None and found.submodule_search_locations is not None
    fonts = Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    files = [str(fonts / f"DejaVuSans{face}.ttf") for face in ("", "-Bold", "Mono", "Mono-Bold")]
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=standalone(svg, theme),
            font_files=files,
            skip_system_fonts=True,
            zoom=scale,
            font_family="DejaVu Sans",
        )
    )
