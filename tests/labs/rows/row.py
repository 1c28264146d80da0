"""What a row of the table of labs is, and the values that many settings refuse.

``good`` are values that have to work and, at least one of them, to change the picture; ``bad`` are values that have to
be refused with a sentence. A setting that only shows in company is tried on a lab made with ``company``; settings that
are ``unseen`` change the controls and not the picture. A sentence names a setting by its name or as it is ``called``.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cnnlab.labs.base import Lab

HUGE = 10**30
NO_FLAG = ["yes", 1, None, np.array([True, False])]
NO_INDEX = [-1, 1.5, "2", None, True]
NO_NUMBER = ["much", None, True, np.nan, -np.inf, 10**400, [1.0]]
NO_WORD = ["nonsense", "", None, 3]
NO_WORDS = ["nonsense", None, 3]
FLAG = [True, False, np.True_]


@dataclass(frozen=True)
class Row:
    """A lab with values for its settings; ``looks`` are settings whose pictures tell most."""

    lab: type[Lab[Any, Any]]
    good: dict[str, list[Any]]
    bad: dict[str, list[Any]]
    looks: list[dict[str, Any]]
    company: dict[str, dict[str, Any]] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()
    called: dict[str, str] = field(default_factory=dict)

    def made_for(self, setting: str) -> dict[str, Any]:
        """Settings of a lab on which this one can be seen."""
        return self.company.get(setting, {})

    def names(self, setting: str, sentence: str) -> bool:
        """Whether a sentence names a setting."""
        return bool(re.search(rf"\b({setting}|{self.called.get(setting, setting)})\b", sentence))
