"""All exercises of the course, in its order; a file holds the exercises on one topic."""

from cnnlab.exercises.bank import (
    activations,
    adam,
    backprop,
    boxes,
    conv_backward,
    conv_layer,
    convolution,
    counting,
    dense,
    images,
    initial,
    kernels,
    learning,
    losses,
    moving,
    optimizers,
    padding,
    pooling,
    pooling_back,
    receptive,
    separable,
    sizes,
    softmax,
    stacks,
    windows,
)
from cnnlab.exercises.exercise import Exercise

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for topic in (
        images,
        boxes,
        dense,
        moving,
        convolution,
        padding,
        conv_layer,
        kernels,
        separable,
        learning,
        sizes,
        windows,
        pooling,
        pooling_back,
        receptive,
        counting,
        stacks,
        softmax,
        activations,
        losses,
        backprop,
        conv_backward,
        optimizers,
        adam,
        initial,
    )
    for exercise in topic.ALL
}
