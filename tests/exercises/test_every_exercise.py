"""What holds for every exercise: right answers pass however they are written, and every known mistake is named."""

import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from cnnlab import augment, ops, shapes
from cnnlab.exercises import EXERCISES, check, solution
from cnnlab.exercises.checking import same
from cnnlab.network import Conv2d, Linear, MaxPool2d
from cnnlab.traces.shapes import layer_shapes

ALL = pytest.mark.parametrize("name", EXERCISES)
SOBEL = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
FUNCTIONS = [name for name, exercise in EXERCISES.items() if not exercise.asks_for_a_value]
MISTAKES = [(name, mistake.name) for name, exercise in EXERCISES.items() for mistake in exercise.mistakes]


def kernel_error(image: Any, kernel: Any, target: Any) -> Any:
    return EXERCISES["slide"].solution(image, kernel) - target


def kernel_gradient_of_ops(x: Any, weight: Any, target: Any) -> Any:
    back = ops.mse_loss_backward(1.0, ops.conv2d(x, weight), target)
    return ops.conv2d_backward(back, x, weight)[1][0, 0]


def backward_of_ops(dy: Any, image: Any, kernel: Any) -> Any:
    return ops.conv2d_backward(dy[None], image[None], kernel[None, None])[:2]


def gathered(dy: Any, kernel: Any) -> Any:
    """Each number of the image gathers: dy with zeros around it, under the turned kernel."""
    (kh, kw), turned = kernel.shape, kernel[::-1, ::-1]
    padded = np.pad(dy, [(kh - 1, kh - 1), (kw - 1, kw - 1)])
    return EXERCISES["slide"].solution(padded, turned)


def parameters_of_layers(convs: Any, denses: Any) -> int:
    rng = np.random.default_rng(0)
    layers = [*(Conv2d(*conv, rng=rng) for conv in convs), *(Linear(*dense, rng=rng) for dense in denses)]
    return sum(layer.parameter_count for layer in layers)


def shapes_of_layers(shape: Any, layers: Any) -> Any:
    rng, x, found = np.random.default_rng(0), np.zeros((1, *shape), "f4"), []
    for kind, filters, k, s, p in layers:
        layer = Conv2d(x.shape[1], filters, k, s, p, rng=rng) if kind == "conv" else MaxPool2d(k, s, p)
        x = layer(x)
        found.append(x.shape[1:])
    return np.array(found)


def adam_as_in_the_paper(theta: Any, m: Any, v: Any, g: Any, t: int, alpha: float) -> Any:
    beta1, beta2 = 0.9, 0.999
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
    m_hat, v_hat = m / (1 - np.power(beta1, t)), v / (1 - np.power(beta2, t))
    return [theta - alpha * m_hat / (v_hat**0.5 + 1e-8), m, v]


def running_by_ops(running_mean: Any, running_var: Any, x: Any, momentum: float) -> Any:
    mean, var = running_mean.astype(float), running_var.astype(float)  # the copies are written to
    ops.batch_norm(x, mean, var, training=True, momentum=momentum)
    return mean, var


STATS = (
    lambda channels: np.array([c.mean() for c in channels]),
    lambda channels: np.array([c.var(ddof=1) for c in channels]),
)


def dense_backward_by_einsum(grad: Any, x: Any, W: Any, b: Any) -> Any:
    dz = np.where(np.einsum("ni,oi->no", x, W) + b > 0, grad, 0)
    return [np.einsum("no,oi->ni", dz, W), np.einsum("no,ni->oi", dz, x), np.ones(len(x)) @ dz]


def label_of_pixels(size: Any, rectangle: Any, i: int, j: int, num_classes: int) -> Any:
    top, left, height, width = rectangle
    classes = np.full(size, i)
    classes[max(top, 0) : top + height, max(left, 0) : left + width] = j
    return np.bincount(classes.ravel(), minlength=num_classes) / classes.size
def stopped_with_a_count(losses: Any, patience: int) -> int:
    best, kept, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        waited += 1
        if loss < best:
            best, kept, waited = loss, epoch, 0
        if waited >= patience:
            return kept
    return kept


OTHER_RIGHT_WAYS: list[tuple[str, Callable[..., Any]]] = [
    ("gray", lambda photo: photo @ np.array([0.299, 0.587, 0.114])),
    ("gray", lambda p: [[0.299 * int(r) + 0.587 * int(g) + 0.114 * int(b) for r, g, b in row] for row in p]),
    ("channels first", lambda photo: np.moveaxis(photo, -1, 0)),
    ("channels first", lambda photo: np.stack([photo[..., c] for c in range(3)])),
    ("brighter", lambda photo, amount: np.maximum(0, np.minimum(255, photo.astype(int) + amount))),
    ("brighter", lambda photo, amount: np.vectorize(lambda v: max(0, min(255, int(v) + amount)))(photo)),
    ("iou", lambda a, b: np.float64(EXERCISES["iou"].solution(b, a))),
    ("dense weights", lambda height, width, channels, units: float(np.prod([height, width, channels, units]))),
    ("dense weights", lambda h, w, c, u: np.ones((h, w, c)).size * u),
    ("conv parameters", lambda c, f, k: np.empty((f, c, k, k)).size + np.empty(f).size),
    ("scan", lambda signal, weight, bias: np.correlate(signal, weight, "valid") + bias),
    ("scan", lambda signal, weight, bias: list(np.convolve(signal, weight[::-1], "valid") + bias)),
    ("slide", lambda image, kernel: ops.conv2d(image[None], kernel[None, None])[0]),
    ("slide", lambda image, kernel: np.einsum("ijuv,uv->ij", sliding_window_view(image, kernel.shape), kernel)),
    ("stride", lambda image, kernel, stride: EXERCISES["slide"].solution(image, kernel)[::stride, ::stride]),
    ("padding", lambda x, k, s, p: ops.conv2d(x[None], k[None, None], stride=s, padding=p)[0]),
    ("channels", lambda x, w, b, stride, padding: ops.conv2d(x, w, b, stride, padding).astype("float32")),
    ("conv2d", lambda images, weight, bias, stride=1, padding=0: ops.conv2d(images, weight, bias, stride, padding)),
    ("conv2d", lambda *args: ops.conv2d(*args).tolist()),
    ("keep brightness", lambda kernel: kernel / (kernel.sum() or 1)),
    ("keep brightness", lambda kernel: [[w / (sum(map(sum, kernel)) or 1) for w in row] for row in kernel]),
    ("steepness", lambda image: np.hypot(*(EXERCISES["slide"].solution(image, w) for w in (SOBEL, SOBEL.T)))),
    ("steepness", lambda image: np.linalg.norm(ops.conv2d(image[None], np.stack([SOBEL, SOBEL.T])[:, None]), axis=0)),
    ("two passes", lambda image, column, row: EXERCISES["slide"].solution(image, np.outer(column, row))),
    ("two passes", lambda x, c, r: ops.conv2d(ops.conv2d(x[None], r[None, None, None]), c[None, None, :, None])[0]),
    (
        "kernel step",
        lambda x, k, t, lr: k - lr * 2 / t.size * ops.conv2d(x[None], kernel_error(x, k, t)[None, None])[0],
    ),
    ("kernel step", lambda x, k, t, lr: k - lr * kernel_gradient_of_ops(x[None], k[None, None], t[None])),
    ("output size", lambda n, k, s, p, d: len(range(0, n + 2 * p - d * (k - 1), s))),
    ("output size", lambda n, k, s, p, d: np.floor((n + 2 * p - d * (k - 1) - 1) / s + 1)),
    ("same padding", lambda k, d: ((d * k - d) // 2, (d * k - d + 1) // 2)),
    ("same padding", lambda k, d: np.array([d * (k - 1) // 2, -(-d * (k - 1) // 2)])),
    ("usage", lambda n, k, s, p: layer_shapes(1, n, k, s, p).usage[0]),
    ("usage", lambda n, k, s, p: [sum(a <= i + p < a + k for a in range(0, n + 2 * p - k + 1, s)) for i in range(n)]),
    ("undo the size", lambda n, k, s, p: n - ((n + 2 * p - k) // s * s - 2 * p + k)),
    ("undo the size", lambda n, k, s, p: float(np.mod(n + 2 * p - k, s))),
    ("max pool", lambda image, size, stride: ops.max_pool2d(image[None], size, stride)[0]),
    ("max pool", lambda x, k, s: sliding_window_view(x, (k, k))[::s, ::s].max(axis=(2, 3)).tolist()),
    ("global average", lambda maps: ops.adaptive_avg_pool2d(maps, 1)[:, 0, 0]),
    ("global average", lambda maps: [sum(channel.ravel()) / channel.size for channel in maps]),
    ("max pool gradient", lambda g, x, k, s: ops.max_pool2d_backward(g[None], x[None], k, s)[0]),
    ("receptive field", lambda layers: shapes.receptive_field([shapes.Layer(k, s) for k, s in layers]).size),
    ("receptive field", lambda layers: reduce(lambda size, layer: (size - 1) * layer[1] + layer[0], layers[::-1], 1)),
    ("network parameters", lambda convs, denses: parameters_of_layers(convs, denses)),
    ("layer shapes", lambda shape, layers: [list(s) for s in EXERCISES["layer shapes"].solution(shape, layers)]),
    ("layer shapes", lambda shape, layers: shapes_of_layers(shape, layers)),
    ("conv multiplications", lambda h, w, c, f, k, s: shapes.conv_macs(((h - k) // s + 1, (w - k) // s + 1), c, f, k)),
    ("conv backward", lambda dy, x, w: tuple(g.reshape(g.shape[-2:]) for g in backward_of_ops(dy, x, w))),
    ("conv backward", lambda dy, x, w: (gathered(dy, w), EXERCISES["slide"].solution(x, dy))),
    ("relu and dropout backward", lambda dy, x, mask, p: np.where(x > 0, dy * mask, 0) / (1 - p)),
    (
        "relu and dropout backward",
        lambda dy, x, mask, p: ops.relu_backward(ops.dropout_backward(dy, np.maximum(x, 0), p, mask=mask), x),
    ),
    ("softmax", lambda scores: ops.softmax(scores, dim=0)),
    ("softmax", lambda scores: np.exp(scores - np.log(np.exp(scores - scores.max()).sum()) - scores.max()).tolist()),
    ("dense backward", lambda grad, x, W, b: ops.linear_backward(ops.relu_backward(grad, x @ W.T + b), x, W, b)),
    ("dense backward", dense_backward_by_einsum),
    ("sigmoid cross entropy", lambda z, y: ops.binary_cross_entropy_with_logits_backward(1, z, y)),
    ("sigmoid cross entropy", lambda z, y: [(np.exp(a) / (1 + np.exp(a)) - t) / z.size for a, t in zip(z, y)]),  # noqa: B905
    ("sigmoid slope", lambda x: ops.sigmoid_backward(np.ones_like(x), x)),
    ("sigmoid slope", lambda x: ops.sigmoid(x) * ops.sigmoid(-x)),
    ("sigmoid slope", lambda x: (1 - np.tanh(x / 2) ** 2) / 4),
    ("softmax with temperature", lambda logits, temperature=1.0: ops.softmax(logits / temperature, 1).tolist()),
    ("softmax with temperature", lambda logits, temperature=1.0: np.exp(ops.log_softmax(logits / temperature, -1))),
    ("cross entropy", lambda logits, labels: ops.cross_entropy(logits, labels)),
    ("cross entropy", lambda z, labels: np.mean([np.logaddexp.reduce(z[i] - z[i, c]) for i, c in enumerate(labels)])),
    ("cross entropy", lambda z, labels: -(ops.log_softmax(z, 1) * np.eye(z.shape[1])[labels]).sum() / len(z)),
    ("dice loss", lambda prediction, truth, smooth=1.0: ops.dice_loss(prediction, truth, smooth=smooth)),
    ("dice loss", lambda a, b, s=1.0: np.abs(a - b).sum() / (a.sum() + b.sum() + s)),  # equal, as b is 0 or 1
    ("sgd step", lambda w, g, lr: [v - lr * d for v, d in zip(w, g, strict=True)]),
    ("momentum step", lambda w, v, g, lr, momentum: [w - lr * (momentum * v + g), v * momentum + g]),
    ("adam", adam_as_in_the_paper),
    ("penalties", lambda w, b, lam: [ops.l1_penalty(w, lam), ops.l2_penalty(w, lam)]),
    ("penalties", lambda w, b, lam: (lam * np.linalg.norm(w.ravel(), 1), lam * np.vdot(w, w))),
    ("decay step", lambda w, g, lr, lam: (1 - 2 * lr * lam) * w - lr * g),
    ("decay step", lambda w, g, lr, lam: w - lr * (g + ops.l2_penalty_backward(1.0, w, lam))),
    ("batch norm", lambda x, gamma, beta, eps: ops.batch_norm(x, None, None, gamma, beta, True, eps=eps)),
    ("batch norm", lambda x, g, b, eps: [g * row + b for row in (x - x.mean(0)) * (x.var(0) + eps) ** -0.5]),
    ("running statistics", running_by_ops),
    ("running statistics", lambda m, v, x, a: [s + a * (f(np.moveaxis(x, 1, 0)) - s) for s, f in zip((m, v), STATS)]),  # noqa: B905
    (
        "fold batch norm",
        lambda w, b, g, beta, m, v, e: ((w.T * g / (v + e) ** 0.5).T, beta - (m - b) * g / (v + e) ** 0.5),
    ),
    ("iterations", lambda examples, batch_size, epochs: math.ceil(examples / batch_size) * epochs),
    ("iterations", lambda n, size, epochs: len(range(0, n, size)) * float(epochs)),
    ("flip with box", lambda image, box: (np.flip(image, -1), augment.horizontal_flip_box(box, image.shape[1:]))),
    ("flip with box", lambda x, box: [[c[:, ::-1] for c in x], np.abs(box - [x.shape[2], 0] * 2)[[2, 1, 0, 3]]]),
    ("mixup", lambda a, b, i, j, lam, n: (augment.mixup(a, b, lam), augment.mix_labels(i, j, lam, n))),
    ("mixup", lambda a, b, i, j, lam, n: [b + lam * (a - b), lam * np.eye(n)[i] + (1 - lam) * np.eye(n)[j]]),
    ("cutmix label", lambda size, r, i, j, n: augment.mix_labels(i, j, augment.cutmix_share(size, *r), n)),
    ("cutmix label", lambda size, r, i, j, n: label_of_pixels(size, r, i, j, n)),
    ("dropout", lambda x, mask, p, training: ops.dropout(x, p, training, mask=mask)),
    ("dropout", lambda x, mask, p, training: np.where(mask == 1, x / (1 - p), 0) if training else x * 1.0),
    ("dropped", lambda n, p: [float(np.mean([p] * n)) * n, np.sqrt(n) * np.sqrt(p - p * p)]),
    ("early stopping", stopped_with_a_count),
    ("he std", lambda shape: np.sqrt(2 / ops.init.fans(shape)[0])),
    ("he std", lambda shape: (2 / np.zeros(shape)[0].size) ** 0.5),
    (
        "gradient left",
        lambda z, w: reduce(lambda g, k: ops.sigmoid_backward(g, k[0]) * k[1], zip(z, w, strict=True), 1.0),
    ),
    ("gradient left", lambda z, w: np.prod(w) * np.prod((1 - np.tanh(z / 2) ** 2) / 4)),
]


@ALL
def test_the_solution_is_right(name: str) -> None:
    report = check(name, EXERCISES[name].solution)
    assert report, str(report)
    assert str(report).startswith(f"✓ {name}: Right. It was tried on ")


@pytest.mark.parametrize(("name", "function"), OTHER_RIGHT_WAYS)
def test_another_right_way_is_right(name: str, function: Callable[..., Any]) -> None:
    report = check(name, function)
    assert report, str(report)


@pytest.mark.parametrize(("name", "mistake"), MISTAKES)
def test_a_known_mistake_is_named_and_does_not_pass(name: str, mistake: str) -> None:
    known = {m.name: m for m in EXERCISES[name].mistakes}[mistake]
    report = check(name, known.function)
    assert not report
    assert report.verdict.mistake == mistake
    assert known.says in str(report)


def brighter_in_8_bits(photo: Any, amount: int) -> Any:
    return np.clip(photo + amount, 0, 255)


def brighter_pixel_by_pixel(photo: Any, amount: int) -> Any:
    result = np.zeros_like(photo)
    for i, j, c in np.ndindex(photo.shape):
        result[i, j, c] = min(max(int(photo[i, j, c]) + amount, 0), 255)
    return result


def slide_into_whole_numbers(image: Any, kernel: Any) -> Any:
    kh, kw = kernel.shape
    output = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1), dtype=int)
    for i, j in np.ndindex(output.shape):
        output[i, j] = (image[i : i + kh, j : j + kw] * kernel).sum()
    return output


def shift_without_looking(image: Any, down: int, right: int) -> Any:
    moved = np.zeros_like(image)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            moved[i, j] = image[i - down, j - right]
    return moved


def channels_padded_at_once(image: Any, weight: Any, bias: Any, stride: int, padding: int) -> Any:
    image = np.pad(image, padding)
    step = EXERCISES["stride"].solution
    return np.stack([sum(step(image[c], w[c], stride) for c in range(len(w))) + b for w, b in zip(weight, bias)])  # noqa: B905


def max_pool_from_zero(image: Any, size: int, stride: int) -> Any:
    rows, columns = (image.shape[0] - size) // stride + 1, (image.shape[1] - size) // stride + 1
    output = np.zeros((rows, columns))
    for i, j, u, v in np.ndindex(rows, columns, size, size):
        output[i, j] = max(output[i, j], image[i * stride + u, j * stride + v])
    return output


def gradient_where_equal(grad: Any, image: Any, size: int, stride: int) -> Any:
    result = np.zeros(image.shape)
    for i, j in np.ndindex(grad.shape):
        for u, v in np.ndindex(size, size):
            window = image[i * stride : i * stride + size, j * stride : j * stride + size]
            if window[u, v] == window.max():
                result[i * stride + u, j * stride + v] += grad[i, j]
    return result


def scan_too_far(signal: Any, weight: Any, bias: float) -> Any:
    answers = []
    for i in range(len(signal)):
        answers.append((signal[i : i + len(weight)] * weight).sum() + bias)
    return answers


def divided_by_the_sum(kernel: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):  # in a notebook, warnings
        return kernel / kernel.sum()


def divided_by_pythons_sum(kernel: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return kernel / sum(kernel)


def passes_by_np_convolve(image: Any, column: Any, row: Any) -> Any:
    once = np.stack([np.convolve(line, column, "valid") for line in image.T]).T
    return np.stack([np.convolve(line, row, "valid") for line in once])


def dense_backward_on_the_input(grad: Any, x: Any, W: Any, b: Any) -> Any:
    return grad @ W, (x.T @ grad).T, np.sum(grad, 0)


def as_in_notebook_04(image: Any, weight: Any) -> Any:
    down, right = weight.shape[0] // 2, weight.shape[1] // 2
    larger = np.pad(image, ((down, down), (right, right)), mode="edge")
    return ops.conv2d(larger[None], weight[None, None])[0]


def steepness_one_place_short(image: Any) -> Any:
    result = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i in range(image.shape[0] - 3):
        for j in range(image.shape[1] - 3):
            window = image[i : i + 3, j : j + 3]
            result[i, j] = np.sqrt((window * SOBEL).sum() ** 2 + (window * SOBEL.T).sum() ** 2)
    return result


def steepness_in_8_bits(image: Any) -> Any:
    wide, tall = image[:, 2:] - image[:, :-2], image[2:] - image[:-2]
    a, b = wide[:-2] + 2 * wide[1:-1] + wide[2:], tall[:, :-2] + 2 * tall[:, 1:-1] + tall[:, 2:]
    return np.sqrt(a**2 + b**2)


def step_with_the_last_place(image: Any, kernel: Any, target: Any, lr: float) -> Any:
    for i, j in np.ndindex(target.shape):
        window = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
        gradient = 2 * ((window * kernel).sum() - target[i, j]) * window / target.size
    return kernel - lr * gradient


def step_with_all_axes(image: Any, kernel: Any, target: Any, lr: float) -> Any:
    x, w = image[None], kernel[None, None]
    back = ops.mse_loss_backward(1.0, ops.conv2d(x, w), target[None])
    return kernel - lr * ops.conv2d_backward(back, x, w)[1]


def usage_to_the_end_of_the_window(n: int, k: int, s: int, p: int) -> Any:
    starts = range(-p, n + p - k + 1, s)
    return [sum(start <= i <= start + k for start in starts) for i in range(n)]


def passes_side_by_side(image: Any, column: Any, row: Any) -> Any:
    rows, columns = image.shape[0] - len(column) + 1, image.shape[1] - len(row) + 1
    output = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        output[i, j] = (column @ image[i : i + len(column), j]) * (row @ image[i, j : j + len(row)])
    return output


def flipped_with_swapped_edges(image: Any, box: Any) -> Any:
    moved = box.copy()
    moved[::2] = image.shape[2] - box[::2]
    return np.flip(image, 2), moved


def label_of_what_was_drawn(size: Any, rectangle: Any, i: int, j: int, num_classes: int) -> Any:
    lam = max(0, 1 - rectangle[2] * rectangle[3] / np.prod(size))
    return augment.mix_labels(i, j, lam, num_classes)


AS_STUDENTS_WRITE_THEM = [  # the mistakes in other words than the bank's
    ("brighter", lambda photo, amount: photo + amount, "added in 8 bits"),
    ("brighter", brighter_in_8_bits, "added in 8 bits"),
    ("slide", slide_into_whole_numbers, "whole numbers"),
    ("shift", shift_without_looking, "borders not looked at"),
    ("channels", channels_padded_at_once, "channels padded, too"),
    ("scan", scan_too_far, "beyond the end, in pairs"),
    ("keep brightness", divided_by_the_sum, "sum of 0 divided"),
    ("steepness", lambda image: abs(EXERCISES["slide"].solution(image, SOBEL + SOBEL.T)), "added, then squared"),
    ("two passes", passes_by_np_convolve, "flipped"),
    ("keep brightness", lambda w: w / w.size if w.sum() else w, "divided by the cells, but for a sum of 0"),
    ("keep brightness", divided_by_pythons_sum, "column by column"),
    ("steepness", lambda image: np.hypot(*(as_in_notebook_04(image, w) for w in (SOBEL, SOBEL.T))), "border repeated"),
    ("steepness", steepness_one_place_short, "last place forgotten"),
    ("steepness", steepness_in_8_bits, "only images of floats"),
    ("two passes", lambda x, c, r: as_in_notebook_04(as_in_notebook_04(x, c[:, None]), r[None]), "border repeated"),
    ("two passes", passes_side_by_side, "passes multiplied"),
    ("kernel step", step_with_the_last_place, "last place only"),
    ("kernel step", lambda x, k, t, lr: k - lr * np.square(kernel_error(x, k, t)).mean(), "loss subtracted"),
    ("kernel step", step_with_all_axes, "axes of filters and channels"),
    ("output size", lambda n, k, s, p, d: len(range(0, n + 2 * p - (d * (k - 1) + 1), s)), "last place forgotten"),
    ("usage", usage_to_the_end_of_the_window, "window one cell long"),
    ("undo the size", lambda n, k, s, p: ((n + 2 * p - k) // s) * s - 2 * p + k, "what comes back"),
    ("max pool", max_pool_from_zero, "begun at 0"),
    ("max pool gradient", gradient_where_equal, "all ties"),
    ("dense backward", dense_backward_on_the_input, "ReLU forgotten"),
    ("sigmoid cross entropy", lambda z, y: (1 / (1 + np.exp(-z)) - y) / z, None),
    ("cross entropy", lambda z, labels: ops.cross_entropy(ops.softmax(z, 1), labels), "softmax twice"),
    ("cross entropy", lambda z, labels: ops.cross_entropy(z, labels, reduction="sum"), "sum"),
    ("dice loss", lambda a, b, smooth=1.0: 1 - ops.dice_loss(a, b, smooth=smooth), "no loss"),
    ("iou", lambda a, b: EXERCISES["iou"].solution((0, 0, 4, 4), (2, 1, 6, 4)), None),  # the notebook's numbers, copied
    ("sigmoid slope", lambda x: ops.sigmoid(x) ** 2 - ops.sigmoid(x), "wrong sign"),
    ("flip with box", flipped_with_swapped_edges, "edges in the wrong order"),
    ("flip with box", lambda x, box: (np.flip(x), EXERCISES["flip with box"].solution(x, box)[1]), "all axes"),
    ("mixup", lambda a, b, i, j, lam, n: (b + lam * (a - b), np.eye(n)[i]), "label of a alone"),
    ("mixup", lambda a, b, i, j, lam, n: (b + lam * (a - b), lam * i + (1 - lam) * j), "a number for the label"),
    ("cutmix label", label_of_what_was_drawn, "never more than all"),
    ("softmax with temperature", lambda logits, temperature=1.0: ops.softmax(logits / temperature, 0), "wrong axis"),
    (
        "softmax with temperature",
        lambda logits, temperature=1.0: ops.softmax(ops.softmax(logits / temperature, 1), 1),
        "softmax twice",
    ),
]


@pytest.mark.parametrize(("name", "function", "mistake"), AS_STUDENTS_WRITE_THEM)
def test_a_mistake_is_named_however_it_is_written(name: str, function: Callable[..., Any], mistake: str | None) -> None:
    report = check(name, function)
    assert not report and report.verdict.mistake == mistake, str(report)


def test_a_photo_has_three_axes_so_loops_over_them_are_right() -> None:
    assert check("brighter", brighter_pixel_by_pixel)


@ALL
def test_the_mistakes_are_told_apart_by_the_cases(name: str) -> None:
    """Two mistakes with the same results on every case could not both be named."""
    exercise = EXERCISES[name]
    results = [[outcome(m.function, case) for case in exercise.draw()] for m in exercise.mistakes]
    for i, one in enumerate(results):
        for other in results[:i]:
            assert not all(same(a, b) for a, b in zip(one, other, strict=True))


def outcome(function: Callable[..., Any], case: tuple[Any, ...]) -> Any:
    try:
        return function(*case)
    except Exception as error:
        return type(error).__name__


WRONG_FOR_ALL: list[tuple[str, Callable[[Any], Any], str]] = [
    ("nothing", lambda right: None, "returns nothing"),
    ("zeros", lambda right: np.zeros(np.shape(right)), "zero"),
    ("NaN", lambda right: np.full(np.shape(right), np.nan), "NaN"),
    ("another shape", lambda right: np.zeros((*np.shape(right), 2)), "shape"),
    ("text", lambda right: "forty-two", "should hold numbers"),
    ("ragged", lambda right: [[1, 2], [3]], "should hold numbers"),
    ("a set", lambda right: {1, 2}, "should hold numbers"),
    ("complex", lambda right: np.asarray(right) + 1j, "should hold numbers"),
]


def spoiled(right: Any, spoil: Callable[[Any], Any]) -> Any:
    """What is no answer in the place of a right one; where that is several things, in the place of each."""
    return (
        tuple(spoil(part) for part in right) if isinstance(right, tuple) and spoil(right) is not None else spoil(right)
    )


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(("kind", "spoil", "words"), WRONG_FOR_ALL, ids=[kind for kind, _, _ in WRONG_FOR_ALL])
def test_what_is_no_answer_is_not_taken_for_one(name: str, kind: str, spoil: Callable[[Any], Any], words: str) -> None:
    exercise = EXERCISES[name]
    report = check(name, lambda *given: spoiled(exercise.solution(*given), spoil))
    assert not report
    assert words in str(report) or (kind == "zeros" and "but is 0" in str(report))  # the second of a single number


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_answer_that_is_nearly_right_is_not_right(name: str) -> None:
    solution_of = EXERCISES[name].solution
    assert not check(name, lambda *given: nearly(solution_of(*given), 0.01 * (1 + np.size(given[0]))))


def nearly(right: Any, off: float) -> Any:
    parts = right if isinstance(right, tuple) else (right,)
    wrong = tuple(np.asarray(part, float) + off for part in parts)
    return wrong if isinstance(right, tuple) else wrong[0]


@ALL
def test_a_student_can_run_the_solution_that_is_shown(name: str) -> None:
    """With NumPy and the solutions of the steps before it, as a notebook has them."""
    cell: dict[str, Any] = {"np": np}
    for other in list(EXERCISES)[: list(EXERCISES).index(name) + 1]:
        exec(str(solution(other)), cell)
    assert check(name, cell[EXERCISES[name].solution.__name__])


@ALL
def test_the_cases_are_the_same_every_time(name: str) -> None:
    first, second = EXERCISES[name].draw(), EXERCISES[name].draw()
    assert len(first) >= 5
    for one, other in zip(first, second, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)


@ALL
def test_three_hints_and_a_statement_that_shows_the_call(name: str) -> None:
    exercise = EXERCISES[name]
    assert len(exercise.hints) == 3 and all(exercise.hints)
    assert exercise.call.split("(")[0] + "(" in exercise.statement
    assert all(mistake.says.endswith((".", "?")) for mistake in exercise.mistakes)
