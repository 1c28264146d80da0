"""The colors of every picture, in one place, for light and dark.

Values lie on a diverging scale that people with any common color blindness can tell apart: blue above zero, orange
below, nothing at zero. A value's strength is the *opacity* of its color, so the same SVG suits both themes, and the
text on it keeps a contrast of at least 4.5 : 1 (WCAG 2.2, success criterion 1.4.3; held by a test).
"""

from math import inf

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "gray": "#5f6773",
    "line": "#d0d5dd",
    "pad": "#f3f5f8",
    "positive": "#4a88c7",
    "negative": "#d9822b",
    "accent": "#1f5f9e",
    "warning": "#9a3412",
    "blue": "#2a72b8",
    "orange": "#c26a14",
    "plum": "#8f2d74",
}
DARK = {
    "paper": "#111111",
    "ink": "#eceff3",
    "gray": "#a3abb7",
    "line": "#3f4650",
    "pad": "#1d2126",
    "positive": "#3b78b8",
    "negative": "#b0611b",
    "accent": "#86bdf0",
    "warning": "#fdba74",
    "blue": "#5b9bdc",
    "orange": "#dd8e3c",
    "plum": "#e39ac6",
}
THEMES = {"light": LIGHT, "dark": DARK}
CURVES = ("blue", "orange", "plum")
"""Colors of thin curves beside ink and gray: stronger than those of values, as a line shows little of its color. They
differ for every common color blindness, yet a curve has a mark or dashes of its own, too."""

STRONGEST = 0.78
"""Opacity of the largest value of a grid."""
FAINTEST = 0.10
"""Opacity of the smallest value that is not zero: its sign can always be seen."""

FONT = "'DejaVu Sans', Verdana, sans-serif"
MONO = "'DejaVu Sans Mono', Menlo, Consolas, monospace"

_DARK_SELECTORS = '[data-jp-theme-light="false"] .cnnlab, .vscode-dark .cnnlab, html[theme="dark"] .cnnlab'
"""Where the page says that its theme is dark: JupyterLab and Notebook, VS Code, Colab."""


def strength(value: float, largest: float) -> float:
    """Opacity of ``value`` in a grid whose largest magnitude is ``largest``: 0 for zero, else 0.10 to 0.78."""
    if value == 0 or largest <= 0:
        return 0.0
    if abs(value) == inf:  # a maximum over nothing but padding
        return STRONGEST
    return FAINTEST + (STRONGEST - FAINTEST) * min(abs(value) / largest, 1.0)


def stylesheet(theme: str | None = None) -> str:
    """CSS rules of all pictures: with fixed colors for a ``theme``, or following the page's theme for None."""
    if theme is not None:
        return _rules(THEMES[theme])
    variables = _rules({name: f"var(--cl-{name})" for name in LIGHT})
    return f"{_variables('.cnnlab', LIGHT)}\n{_variables(_DARK_SELECTORS, DARK)}\n{variables}"


def _variables(selector: str, colors: dict[str, str]) -> str:
    return f"{selector} {{ {' '.join(f'--cl-{name}: {color};' for name, color in colors.items())} }}"


def _rules(colors: dict[str, str]) -> str:
    c = colors
    return "\n".join(
        (
            f".cl-text {{ font-family: {FONT}; fill: {c['ink']}; }}",
            f".cl-mono {{ font-family: {MONO}; }}",
            f".cl-gray {{ fill: {c['gray']}; }}",
            ".cl-bold { font-weight: bold; }",
            ".cl-middle { text-anchor: middle; }",
            ".cl-end { text-anchor: end; }",
            f".cl-paper {{ fill: {c['paper']}; }}",
            f".cl-pad {{ fill: {c['pad']}; }}",
            f".cl-pos {{ fill: {c['positive']}; }}",
            f".cl-neg {{ fill: {c['negative']}; }}",
            f".cl-pos-line {{ fill: none; stroke: {c['positive']}; }}",
            f".cl-neg-line {{ fill: none; stroke: {c['negative']}; }}",
            f".cl-ink-line {{ fill: none; stroke: {c['ink']}; }}",
            f".cl-gray-line {{ fill: none; stroke: {c['gray']}; }}",
            f".cl-lines {{ fill: none; stroke: {c['line']}; }}",
            f".cl-outline {{ fill: none; stroke: {c['ink']}; stroke-width: 3; stroke-linejoin: round; }}",
            f".cl-frame {{ fill: none; stroke: {c['gray']}; stroke-width: 1.5; }}",
            f".cl-halo {{ fill: none; stroke: {c['paper']}; stroke-width: 6; }}",
            f".cl-gray-band {{ fill: {c['gray']}; fill-opacity: 0.14; }}",
            f".cl-dot {{ fill: {c['ink']}; }}",
            *(f".cl-{name}-line {{ fill: none; stroke: {c[name]}; }}" for name in CURVES),
            *(f".cl-{name}-dot {{ fill: {c[name]}; }}" for name in (*CURVES, "gray")),
            f".cl-thin {{ fill: none; stroke: {c['ink']}; stroke-width: 1.5; }}",
        )
    )
