"""How large, how many, how far: output sizes, parameters, work, memory and receptive fields.

What comes out can be had as a number, or as a `Derivation` that shows how it came about: the formula in symbols and
with its numbers filled in, for notebooks and labs to show. The functions of the second kind are called like those of
the first, with `_derivation` behind the name.
"""

from cnnlab.shapes.counts import (
    activation_bytes,
    activation_bytes_derivation,
    batch_norm_parameters,
    batch_norm_parameters_derivation,
    conv_macs,
    conv_macs_derivation,
    conv_parameters,
    conv_parameters_derivation,
    conv_transpose_macs,
    conv_transpose_macs_derivation,
    linear_macs,
    linear_macs_derivation,
    linear_parameters,
    linear_parameters_derivation,
    pool_operations,
    pool_operations_derivation,
)
from cnnlab.shapes.derivation import Derivation
from cnnlab.shapes.receptive import (
    Layer,
    ReceptiveField,
    Seen,
    receptive_field,
    receptive_field_derivation,
    receptive_fields,
    seen_by,
    stack_sizes,
)
from cnnlab.shapes.sizes import (
    conv_output_derivation,
    conv_output_size,
    conv_transpose_output_derivation,
    conv_transpose_output_size,
    kernel_extent,
    pool_output_derivation,
    pool_output_size,
    same_padding,
    same_padding_derivation,
)

__all__ = [
    "Derivation",
    "Layer",
    "ReceptiveField",
    "Seen",
    "activation_bytes",
    "activation_bytes_derivation",
    "batch_norm_parameters",
    "batch_norm_parameters_derivation",
    "conv_macs",
    "conv_macs_derivation",
    "conv_output_derivation",
    "conv_output_size",
    "conv_parameters",
    "conv_parameters_derivation",
    "conv_transpose_macs",
    "conv_transpose_macs_derivation",
    "conv_transpose_output_derivation",
    "conv_transpose_output_size",
    "kernel_extent",
    "linear_macs",
    "linear_macs_derivation",
    "linear_parameters",
    "linear_parameters_derivation",
    "pool_operations",
    "pool_operations_derivation",
    "pool_output_derivation",
    "pool_output_size",
    "receptive_field",
    "receptive_field_derivation",
    "receptive_fields",
    "same_padding",
    "same_padding_derivation",
    "seen_by",
    "stack_sizes",
]
