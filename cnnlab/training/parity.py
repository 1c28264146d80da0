"""The same computation in PyTorch, to compare with."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def run_torch_code(code: str, **names: Any) -> NDArray[np.float64]:
    """Run PyTorch code that a lab shows, and return what it calls ``y``, without the batch axis.

    ``names`` are the arrays that the code uses by name. What is run is the very text that the student reads, so the text
    is checked along with the numbers.
    """
    scope: dict[str, Any] = dict(names)
    exec(code, scope)  # our own text: see cnnlab.labs.convolution_text.torch_code
    y: NDArray[np.float64] = scope["y"][0].detach().cpu().numpy()
    return y
