"""The shift lab as text: its numbers for a page without widgets, and the same computation in PyTorch."""

from cnnlab.traces.shift import Answers, ShiftTrace
from cnnlab.traces.shift_words import ALL, answer, called, cnn_says, mlp_says, percent


def as_text(trace: ShiftTrace) -> str:
    """What is shown, in numbers."""
    p = trace.pushing
    return "\n".join(
        [
            called(trace),
            *_network(trace, p.mlp),
            *_network(trace, p.cnn),
            mlp_says(trace),
            cnn_says(trace),
        ]
    )


def _network(trace: ShiftTrace, answers: Answers) -> list[str]:
    p = trace.pushing
    chances = "  ".join(f"{digit}: {value:.2f}" for digit, value in enumerate(trace.probabilities(answers).tolist()))
    without = ", without the stain" if p.stain else ""
    return [
        f"{answers.name}, {answers.parameters:,} parameters: {answer(trace, answers)}",
        f"  {chances}",
        f"  this picture: right at {answers.right_places} of {ALL} places",
        f"  {p.unseen} unseen digits{without}: right here {percent(trace.share(answers))}",
    ]


def torch_code(cnn: str, pool: int) -> str:
    """PyTorch code that computes the probabilities of both networks, as rows of ``y[0]``; ``cnn`` names the second."""
    pooling = f"h = F.max_pool2d(h, {pool})\n" if pool > 1 else ""
    return (
        "import torch\n"
        "import torch.nn.functional as F\n"
        "from cnnlab.data.shift_nets import shift_nets\n"
        "\n"
        "def tensors(name):\n"
        "    return {key: torch.tensor(a) for key, a in shift_nets().weights[name].items()}\n"
        "\n"
        "x = torch.tensor(picture)[None, None]  # picture: an array of 28 × 28\n"
        'm = tensors("mlp")\n'
        'h = F.relu(F.linear(x.flatten(1), m["hidden.weight"], m["hidden.bias"]))\n'
        'mlp = F.softmax(F.linear(h, m["output.weight"], m["output.bias"]), dim=1)\n'
        f'c = tensors("{cnn}")\n'
        'h = F.relu(F.conv2d(x, c["first.weight"], c["first.bias"]))\n'
        f"{pooling}"
        'h = F.relu(F.conv2d(h, c["second.weight"], c["second.bias"]))\n'
        "h = h.amax((2, 3))  # the largest answer of each filter, wherever it is\n"
        'cnn = F.softmax(F.linear(h, c["output.weight"], c["output.bias"]), dim=1)\n'
        "y = torch.stack([mlp, cnn], dim=1)"
    )
