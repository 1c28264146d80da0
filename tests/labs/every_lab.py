"""Every lab of the course, with values for each of its settings: a new lab is one more file in ``rows``."""

from tests.labs.rows.activations import ACTIVATIONS
from tests.labs.rows.augmentation import AUGMENTATION
from tests.labs.rows.batch_norm import BATCH_NORM
from tests.labs.rows.builder import BUILDER
from tests.labs.rows.channels import CHANNELS
from tests.labs.rows.conv_backward import CONV_BACKWARD
from tests.labs.rows.convolution import CONVOLUTION
from tests.labs.rows.deep_activations import DEEP_ACTIVATIONS
from tests.labs.rows.descent import DESCENT
from tests.labs.rows.dice import DICE
from tests.labs.rows.dropout import DROPOUT
from tests.labs.rows.dropout_backward import DROPOUT_BACKWARD
from tests.labs.rows.dying_relu import DYING_RELU
from tests.labs.rows.fits import FITS
from tests.labs.rows.gradient_flow import GRADIENT_FLOW
from tests.labs.rows.graph import GRAPH
from tests.labs.rows.kept_label import KEPT_LABEL
from tests.labs.rows.kernels import KERNELS
from tests.labs.rows.learned_kernel import LEARNED_KERNEL
from tests.labs.rows.losses import LOSSES
from tests.labs.rows.mixing import MIXING
from tests.labs.rows.mlp import MLP
from tests.labs.rows.norm_backward import NORM_BACKWARD
from tests.labs.rows.norm_placement import NORM_PLACEMENT
from tests.labs.rows.overfit import OVERFIT
from tests.labs.rows.penalty import PENALTY
from tests.labs.rows.pipeline import PIPELINE
from tests.labs.rows.pooling import POOLING
from tests.labs.rows.quiz import QUIZ
from tests.labs.rows.receptive_field import RECEPTIVE_FIELD
from tests.labs.rows.row import Row
from tests.labs.rows.running_statistics import RUNNING_STATISTICS
from tests.labs.rows.scan import SCAN
from tests.labs.rows.shapes import SHAPES
from tests.labs.rows.shift import SHIFT
from tests.labs.rows.softmax import SOFTMAX
from tests.labs.rows.tasks import TASKS
from tests.labs.rows.train_digits import TRAIN_DIGITS
from tests.labs.rows.weights import WEIGHTS

LABS: list[Row] = [
    ACTIVATIONS,
    AUGMENTATION,
    BATCH_NORM,
    BUILDER,
    CHANNELS,
    CONVOLUTION,
    CONV_BACKWARD,
    DEEP_ACTIVATIONS,
    DESCENT,
    DICE,
    DROPOUT,
    DROPOUT_BACKWARD,
    DYING_RELU,
    FITS,
    GRADIENT_FLOW,
    GRAPH,
    KEPT_LABEL,
    KERNELS,
    LEARNED_KERNEL,
    LOSSES,
    MIXING,
    MLP,
    NORM_BACKWARD,
    NORM_PLACEMENT,
    OVERFIT,
    PENALTY,
    PIPELINE,
    POOLING,
    QUIZ,
    RECEPTIVE_FIELD,
    RUNNING_STATISTICS,
    SCAN,
    SHAPES,
    SHIFT,
    SOFTMAX,
    TASKS,
    TRAIN_DIGITS,
    WEIGHTS,
]
IDS = [row.lab.__name__ for row in LABS]
SETTINGS = [(row, name) for row in LABS for name in row.good]
SETTING_IDS = [f"{row.lab.__name__}-{name}" for row, name in SETTINGS]
