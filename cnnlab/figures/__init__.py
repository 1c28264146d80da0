"""Pictures of arrays and traces, as SVG. No arithmetic of the subject, no widgets."""

from cnnlab.figures.convolution import ConvolutionPicture, View
from cnnlab.figures.svg import standalone, to_png

__all__ = ["ConvolutionPicture", "View", "standalone", "to_png"]
