"""What happens at one step of an operation, every number by name. No pictures, no widgets."""

from cnnlab.traces.conv import Convolution, ConvTrace, convolution

__all__ = ["ConvTrace", "Convolution", "convolution"]
