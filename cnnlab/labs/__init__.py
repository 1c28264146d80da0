"""The labs: widgets in which every quantity can be moved.

Each loads when it is first used: a notebook that shows three pays neither time nor memory for all the others.
"""

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnnlab.labs.activations import ActivationsLab
    from cnnlab.labs.augmentation import AugmentationLab
    from cnnlab.labs.batch_norm import BatchNormLab
    from cnnlab.labs.builder import BuilderLab
    from cnnlab.labs.channels import ChannelsLab
    from cnnlab.labs.conv_backward import ConvBackwardLab
    from cnnlab.labs.convolution import ConvolutionLab
    from cnnlab.labs.deep_activations import DeepActivationsLab
    from cnnlab.labs.descent import DescentLab
    from cnnlab.labs.dice import DiceLab
    from cnnlab.labs.dropout import DropoutLab
    from cnnlab.labs.dropout_backward import DropoutBackwardLab
    from cnnlab.labs.dying_relu import DyingReLULab
    from cnnlab.labs.fits import FitsLab
    from cnnlab.labs.gradient_flow import GradientFlowLab
    from cnnlab.labs.graph import GraphLab
    from cnnlab.labs.kept_label import KeptLabelLab
    from cnnlab.labs.kernels import KernelsLab
    from cnnlab.labs.learned_kernel import LearnedKernelLab
    from cnnlab.labs.losses import LossesLab
    from cnnlab.labs.mixing import MixingLab
    from cnnlab.labs.mlp import MLPLab
    from cnnlab.labs.norm_backward import NormBackwardLab
    from cnnlab.labs.norm_placement import NormPlacementLab
    from cnnlab.labs.overfit import OverfitLab
    from cnnlab.labs.penalty import PenaltyLab
    from cnnlab.labs.pipeline import PipelineLab
    from cnnlab.labs.pooling import PoolingLab
    from cnnlab.labs.quiz import QuizLab
    from cnnlab.labs.receptive_field import ReceptiveFieldLab
    from cnnlab.labs.running_statistics import RunningStatisticsLab
    from cnnlab.labs.scan import ScanLab
    from cnnlab.labs.shapes import ShapesLab
    from cnnlab.labs.shift import ShiftLab
    from cnnlab.labs.softmax import SoftmaxLab
    from cnnlab.labs.tasks import TasksLab
    from cnnlab.labs.train_digits import TrainDigitsLab
    from cnnlab.labs.weights import WeightsLab

__all__ = [
    "ActivationsLab",
    "AugmentationLab",
    "BatchNormLab",
    "BuilderLab",
    "ChannelsLab",
    "ConvBackwardLab",
    "ConvolutionLab",
    "DeepActivationsLab",
    "DescentLab",
    "DiceLab",
    "DropoutBackwardLab",
    "DropoutLab",
    "DyingReLULab",
    "FitsLab",
    "GradientFlowLab",
    "GraphLab",
    "KeptLabelLab",
    "KernelsLab",
    "LearnedKernelLab",
    "LossesLab",
    "MLPLab",
    "MixingLab",
    "NormBackwardLab",
    "NormPlacementLab",
    "OverfitLab",
    "PenaltyLab",
    "PipelineLab",
    "PoolingLab",
    "QuizLab",
    "ReceptiveFieldLab",
    "RunningStatisticsLab",
    "ScanLab",
    "ShapesLab",
    "ShiftLab",
    "SoftmaxLab",
    "TasksLab",
    "TrainDigitsLab",
    "WeightsLab",
]


def __getattr__(name: str) -> Any:
    """Load the lab ``name`` on first use (PEP 562): ConvBackwardLab is in ``conv_backward``."""
    if name not in __all__:
        raise AttributeError(f"module 'cnnlab.labs' has no attribute {name!r}")
    words = re.sub("(?<=[a-z])(?=[A-Z])", "_", name.removesuffix("Lab").replace("ReLU", "Relu"))
    return getattr(import_module(f"cnnlab.labs.{words.lower()}"), name)


def __dir__() -> list[str]:
    """Every lab, so that tab completion finds what is not loaded yet."""
    return sorted({*globals(), *__all__})
