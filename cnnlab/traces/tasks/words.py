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


def share_of_one(share: float) -> str:
    """A share with two decimals; what is not quite 0 or 1 is not called so: ``> 0.99``."""
    text = f"{share:.2f}"
    if text == "0.00" and share > 0:
        return "< 0.01"
    if text == "1.00" and share < 1:
        return "> 0.99"
    return text


def ratio(part: int, whole: int) -> str:
    """``12 / 15 = 0.80``, ``1 / 3 ≈ 0.33``, ``999 / 1000 > 0.99``."""
    text = share_of_one(part / whole)
    if text[0] in "<>":
        return f"{part} / {whole} {text}"
    return f"{part} / {whole} {'=' if is_exact(part / whole, text) else '≈'} {text}"


def on_its_side(value: float, limit: float, decimals: int) -> str:
    """A magnitude with so many decimals, and more where rounding would take it to the other side of ``limit``.

    So numbers that look alike lie on the same side.
    """
    while (text := f"{value:.{decimals}f}") and (float(text) >= limit) != (value >= limit):
        decimals += 1
    return text


def on_its_side_in_short(value: float, limit: float) -> str:
    """The same for a small cell: one decimal, or two near the limit, cut off where rounding is too much."""
    for text in (f"{value:.1f}", f"{value:.2f}", f"{value - 0.005:.2f}"):
        if (float(text) >= limit) == (value >= limit):
            return text
    return on_its_side(value, limit, 3)


def signed(value: float, decimals: int = 1) -> str:
    """A number with a real minus sign."""
    text = f"{abs(value):.{decimals}f}"
    return MINUS + text if value < 0 and text.strip("0.") else text
