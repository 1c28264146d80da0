"""Labs that take a photo of one's own: its bytes are kept under the name of its file, which is then the setting."""

from typing import Any, ClassVar

from cnnlab.labs.base import Lab
from cnnlab.labs.sources import COLOR, read_photo_once


class Uploading(Lab[Any, Any]):
    """A lab with uploaded photos; it stands behind the lab's other bases.

    ``takes`` is the setting that a photo is for. A lab that ``asks_color`` has ", color" behind the name of a photo of
    which it is to show the three channels.
    """

    takes: ClassVar[str] = "photo"
    asks_color: ClassVar[bool] = False

    def __init__(self, **given: Any) -> None:
        self._uploads: dict[str, bytes] = {}
        super().__init__(**given)

    def upload(self, name: str, content: bytes, color: bool = False) -> None:
        """Take the bytes of a photo, with ``color`` its three channels."""
        read_photo_once(content, name, color)  # refuses a broken file before anything changes
        self._uploads[name] = content
        with self.hold():
            self.set_trait(self.takes, "")  # another photo under the same name is a change, too
            setattr(self, self.takes, name + COLOR * (color and self.asks_color))
