"""The dropout lab as text: the same in PyTorch."""

from cnnlab.labs.numbers import literal
from cnnlab.traces.dropout_draws import UNITS, DropCounts
from cnnlab.traces.dropout_nets import DropoutNet


def net_code(whole: DropoutNet) -> str:
    """PyTorch code for the first output under every mask drawn, and in eval at the end."""
    net, way = whole.net, whole.way
    named = [(f"w{i}", w) for i, w in enumerate(net.weights, 1)]
    tensors = [
        f"{name} = torch.tensor({literal(w.tolist())}, dtype=torch.float64)" for name, w in (("x", net.x), *named)
    ]
    layers = []
    for layer in range(1, len(net.sizes)):
        if layer - 1 in net.dropped:
            units = net.units(layer - 1)
            layers.append(f"    h = h * factors[:, {units.start}:{units.stop}]")
        call = f"F.linear(h, w{layer})"
        layers.append(f"    h = {call if layer == len(net.weights) else f'F.relu({call})'}")
    keep = "1 - p" if "1" in way.in_training + way.in_eval else "p"
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F  # F.dropout(h, p) is inverted, but draws masks of its own",
            "",
            *tensors,
            f"p = {whole.p}",
            "",
            "def net(factors):  # of each unit that may be dropped",
            "    h = x.expand(len(factors), -1)",
            *layers,
            "    return h[:, 0]",
            "",
            "masks = torch.from_numpy(masks)  # zeros and ones, (masks, units)",
            f"train = net(masks{' / (1 - p)' if way.in_training else ''})",
            f"test = net(torch.ones_like(masks[:1]){f' * ({keep})' if way.in_eval else ''})",
            "y = torch.cat([train, test])[None]",
        ]
    )


def count_code(whole: DropCounts) -> str:
    """PyTorch code for the probability of each number dropped."""
    return "\n".join(
        [
            "import torch",
            "",
            f"p = torch.tensor({whole.p}, dtype=torch.float64)",
            f"k = torch.arange({UNITS + 1}, dtype=torch.float64)",
            f"y = torch.distributions.Binomial({UNITS}, p).log_prob(k).exp()[None]",
        ]
    )
