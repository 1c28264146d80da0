"""The labs: widgets in which every quantity can be moved."""

from cnnlab.labs.builder import BuilderLab
from cnnlab.labs.channels import ChannelsLab
from cnnlab.labs.convolution import ConvolutionLab
from cnnlab.labs.kernels import KernelsLab
from cnnlab.labs.learned_kernel import LearnedKernelLab
from cnnlab.labs.pooling import PoolingLab
from cnnlab.labs.quiz import QuizLab
from cnnlab.labs.receptive_field import ReceptiveFieldLab
from cnnlab.labs.scan import ScanLab
from cnnlab.labs.shapes import ShapesLab
from cnnlab.labs.shift import ShiftLab
from cnnlab.labs.tasks import TasksLab
from cnnlab.labs.weights import WeightsLab

__all__ = [
    "BuilderLab",
    "ChannelsLab",
    "ConvolutionLab",
    "KernelsLab",
    "LearnedKernelLab",
    "PoolingLab",
    "QuizLab",
    "ReceptiveFieldLab",
    "ScanLab",
    "ShapesLab",
    "ShiftLab",
    "TasksLab",
    "WeightsLab",
]
