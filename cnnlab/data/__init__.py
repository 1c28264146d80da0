"""What the course looks at: photos (the bundled ones and your own), handwritten digits, flowers,
small example inputs.

Importing this loads NumPy only; files are read when they are asked for.
"""

from cnnlab.data.digits import digits
from cnnlab.data.examples import EXAMPLES, Example, example
from cnnlab.data.flowers import SPECIES, flowers
from cnnlab.data.photos import photo, photos, read_photo

__all__ = ["EXAMPLES", "SPECIES", "Example", "digits", "example", "flowers", "photo", "photos", "read_photo"]
