"""All exercises of the course, in its order; a file holds the exercises on one topic."""

from cnnlab.exercises.bank import convolution, dense, images
from cnnlab.exercises.exercise import Exercise

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise for topic in (images, dense, convolution) for exercise in topic.ALL
}
