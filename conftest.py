"""Settings of every test run, made before NumPy or PyTorch is imported.

The kernels that nbval starts inherit them, so plain ``pytest --nbval notebooks`` has them as well.
"""

import os

from tools.notebooks import KERNEL_SETTINGS

os.environ.update(KERNEL_SETTINGS)
