"""Shares and ratios as the tasks write them."""

from cnnlab.traces.text import MINUS, is_exact


def percent(share: float) -> str:
    """A share as whole percent; what is not quite nothing, or not quite all, is not called so."""
    if 0 < share < 0.005:
        return "< 1 %"
    if 0.995 <= share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def in_words(share: float) -> str:
    """A share as :func:`percent` writes it, for a sentence."""
    return percent(share).replace("<", "less than").replace(">", "more than")


def counted(count: int, one: str, many: str) -> str:
    """``1 box``, ``2 boxes``."""
    return f"{count} {one if count == 1 else many}"


def ratio(part: int, whole: int) -> str:
    """``12 / 15 = 0.80``, ``1 / 3 ≈ 0.33``; what is not quite 0 or 1 is not called so."""
    text = f"{part / whole:.2f}"
    if text in ("0.00", "1.00") and part not in (0, whole):
        text = f"{part / whole:.4f}"
    return f"{part} / {whole} {'=' if is_exact(part / whole, text) else '≈'} {text}"


def signed(value: float, decimals: int = 1) -> str:
    """A number with a real minus sign."""
    text = f"{abs(value):.{decimals}f}"
    return MINUS + text if value < 0 and text.strip("0.") else text
