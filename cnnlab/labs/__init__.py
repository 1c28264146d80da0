"""The labs: widgets in which every quantity can be moved."""

from cnnlab.labs.convolution import ConvolutionLab

__all__ = ["ConvolutionLab"]
