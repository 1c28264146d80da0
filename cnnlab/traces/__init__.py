"""What happens at one step of an operation, every number by name. No pictures, no widgets."""

from cnnlab.traces.conv import Convolution, ConvTrace, convolution
from cnnlab.traces.cross_entropies import bce, bce_with_logits, categorical_cross_entropy, cross_entropy
from cnnlab.traces.dense import DenseGradients, DenseLayer, DenseUnit, dense_layer
from cnnlab.traces.dice import Dice, DiceLoss, dice_of_masks, dice_of_sizes
from cnnlab.traces.dropout import DropoutLayer, DropoutUnit, Dropped, dropout_layer, dropout_unit, dropped
from cnnlab.traces.equation import Equation
from cnnlab.traces.expressions import variables
from cnnlab.traces.graph import Graph, Node, Step, graph_of
from cnnlab.traces.losses import Loss, hinge, mae, mse
from cnnlab.traces.mlp import Quantity, TwoLayerMLP, two_layer_mlp
from cnnlab.traces.norm import BatchNorm, BatchNormGradients, batch_normalization
from cnnlab.traces.pool import Pooling, PoolTrace, pooling
from cnnlab.traces.shifts import shifted, unchanged
from cnnlab.traces.softmax import Softmax, softmax_of

__all__ = [
    "BatchNorm",
    "BatchNormGradients",
    "ConvTrace",
    "Convolution",
    "DenseGradients",
    "DenseLayer",
    "DenseUnit",
    "Dice",
    "DiceLoss",
    "DropoutLayer",
    "DropoutUnit",
    "Dropped",
    "Equation",
    "Graph",
    "Loss",
    "Node",
    "PoolTrace",
    "Pooling",
    "Quantity",
    "Softmax",
    "Step",
    "TwoLayerMLP",
    "batch_normalization",
    "bce",
    "bce_with_logits",
    "categorical_cross_entropy",
    "convolution",
    "cross_entropy",
    "dense_layer",
    "dice_of_masks",
    "dice_of_sizes",
    "dropout_layer",
    "dropout_unit",
    "dropped",
    "graph_of",
    "hinge",
    "mae",
    "mse",
    "pooling",
    "shifted",
    "softmax_of",
    "two_layer_mlp",
    "unchanged",
    "variables",
]
