"""The race of the descent lab as PyTorch code, one optimizer at a time."""

from cnnlab.labs.numbers import literal
from cnnlab.traces.descent import ALPHA, BETAS, STAIRS, Path, Race

LOSSES = {
    "parabola": "(w[0] - 3) ** 2",
    "bowl": "0.5 * (w[0] ** 2 + w[1] ** 2)",
    "ravine": "0.5 * (w[0] ** 2 + {ratio} * w[1] ** 2)",
    "turned ravine": "0.25 * ((w[0] + w[1]) ** 2 + {ratio} * (w[0] - w[1]) ** 2)",
    "saddle": "0.5 * w[0] ** 2 + 0.25 * (w[1] ** 2 - 1) ** 2",
    "Rosenbrock": "0.1 * ((1 - w[0]) ** 2 + 10 * (w[1] - w[0] ** 2) ** 2)",
    "flowers": "F.mse_loss(w[0] * x{rows} + w[1], target{rows})",
    "digits": "F.binary_cross_entropy_with_logits(x{rows} @ w, target{rows})",
}
LOSSES["flowers, standardized"] = LOSSES["flowers"]


def torch_code(race: Race, path: Path, ratio: float) -> str:
    """PyTorch code for the path of one optimizer; where there is data, it is given by name."""
    name, data = race.surface.name, race.surface.examples > 0
    batched = 0 < path.batch_size < race.surface.examples
    rows = "[rows]" if batched else ""
    loss = LOSSES[name].format(ratio=literal(ratio), rows=rows)
    schedule, start = _schedule(race), literal(list(race.start[: len(race.surface.weights)]))
    lines = [
        "import torch",
        *(["import torch.nn.functional as F"] if data else []),
        "",
        *([_DATA[name]] if data else []),
        *(["# batches: for each update which examples it sees, then -1 as often as some are missing"] * batched),
        f"w = torch.tensor({start}, dtype=torch.float64, requires_grad=True)",
        f"optimizer = {_optimizer(race, path)}",
        *([f"schedule = {schedule}"] if schedule else []),
        "path = [w.detach().clone()]",
        f"for step in range({path.updates}):",
        *(["    rows = torch.tensor(batches[step][batches[step] >= 0], dtype=torch.long)"] * batched),
        f"    loss = {loss}",
        "    optimizer.zero_grad()",
        "    loss.backward()",
        "    optimizer.step()",
        *(["    schedule.step()"] if schedule else []),
        "    path.append(w.detach().clone())",
        f"y = torch.stack(path)[None]  # 1, {path.updates + 1}, {len(race.surface.weights)}",
    ]
    return "\n".join(lines)


_DATA = {
    "flowers": "x, target = torch.as_tensor(x), torch.as_tensor(target)  # petal length and width of 150 irises, in cm",
    "flowers, standardized": "x, target = torch.as_tensor(x), torch.as_tensor(target)  # length, standardized; width",
    "digits": "x, target = torch.as_tensor(x), torch.as_tensor(target)  # ink left and right, standardized; 1 for an 8",
}


def _optimizer(race: Race, path: Path) -> str:
    lr = f"[w], lr={literal(float(path.rates[0]))}"
    if path.name in ("momentum", "Nesterov"):
        ahead = ", nesterov=True" if path.name == "Nesterov" and race.momentum > 0 else ""
        return f"torch.optim.SGD({lr}, momentum={literal(race.momentum)}{ahead})"
    if path.name == "RMSProp":
        return f"torch.optim.RMSprop({lr}, alpha={ALPHA})"
    return f"torch.optim.Adam({lr}, betas={BETAS})" if path.name == "Adam" else f"torch.optim.SGD({lr})"


def _schedule(race: Race) -> str:
    if race.schedule == "step":
        return f"torch.optim.lr_scheduler.StepLR(optimizer, step_size={-(-race.updates // STAIRS)})"
    if race.schedule == "cosine":
        return f"torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max={race.updates})"
    return ""
