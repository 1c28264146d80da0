"""The labs: widgets in which every quantity can be moved."""

from cnnlab.labs.channels import ChannelsLab
from cnnlab.labs.convolution import ConvolutionLab
from cnnlab.labs.descent import DescentLab
from cnnlab.labs.kernels import KernelsLab
from cnnlab.labs.learned_kernel import LearnedKernelLab
from cnnlab.labs.quiz import QuizLab
from cnnlab.labs.scan import ScanLab
from cnnlab.labs.shapes import ShapesLab
from cnnlab.labs.shift import ShiftLab
from cnnlab.labs.tasks import TasksLab
from cnnlab.labs.weights import WeightsLab

__all__ = [
    "ChannelsLab",
    "ConvolutionLab",
    "DescentLab",
    "KernelsLab",
    "LearnedKernelLab",
    "QuizLab",
    "ScanLab",
    "ShapesLab",
    "ShiftLab",
    "TasksLab",
    "WeightsLab",
]
