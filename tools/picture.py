"""Take the README's picture of the convolution lab from a running JupyterLab.

    python -m tools.picture docs/convolution_lab.png

Needs Chromium, as the browser tests do.
"""

import sys
from pathlib import Path

from tests.browser.jupyter import Browser, Lab, Server

CELL = "from cnnlab.labs import ConvolutionLab\n\nConvolutionLab(padding=1, step=12)"


def main(path: Path) -> None:
    with Server() as server, Browser() as browser, Lab(server, browser, height=900) as lab:
        lab.open([CELL])
        lab.run_all()
        lab.page.locator(".cnnlab-stage svg").wait_for()
        lab.wait_for_idle()
        lab.screenshot(path, lab.page.locator(".cnnlab-lab").first)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
