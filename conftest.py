"""Settings of every test run, made before NumPy or PyTorch is imported.

The kernels that nbval starts inherit them, so plain ``pytest --nbval notebooks`` has them as well.
"""

import os

from hypothesis import settings

from tools.notebooks import KERNEL_SETTINGS

os.environ.update(KERNEL_SETTINGS)

# No example fails for being slow on a busy machine; continuous integration tries the same examples each time.
settings.register_profile("cnnlab", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("cnnlab")
