"""What a wrong answer costs."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from training.net.model import DISTANCE_PX

_BALL_WEIGHT = 1.0
_OVERLAP_WEIGHT, _LENGTH_WEIGHT = 6.0, 1.0


@dataclass(frozen=True)
class Loss:
    """Parts of the loss of a batch, means per person and per ball."""

    people: Tensor
    balls: Tensor
    overlap: Tensor
    lengths: Tensor

    @property
    def total(self) -> Tensor:
        return self.people + _BALL_WEIGHT * self.balls + _OVERLAP_WEIGHT * self.overlap + _LENGTH_WEIGHT * self.lengths


def loss_of(logits: Tensor, logs: Tensor, heat: Tensor, judged: Tensor, sides: Tensor, share: Tensor) -> Loss:
    """Compare the network's answers (N, 2, h, w), (N, 4, h, w) with targets as in `targets.Targets`, batched."""
    focal = _focal(logits, heat, judged)
    persons = share.sum().clamp(min=1.0)
    balls = (heat[:, 1] == 1).sum().clamp(min=1.0)
    known = share > 0
    weight = share[known] / persons
    found = logs.permute(0, 2, 3, 1)[known].clamp(-4.0, 6.0)
    wanted = sides.permute(0, 2, 3, 1)[known]
    lengths = functional.smooth_l1_loss(found, (wanted / DISTANCE_PX).log(), beta=0.1, reduction="none").mean(dim=1)
    return Loss(
        people=focal[:, 0].sum() / persons,
        balls=focal[:, 1].sum() / balls,
        overlap=((1 - _generalised_iou(found.exp() * DISTANCE_PX, wanted)) * weight).sum(),
        lengths=(lengths * weight).sum(),
    )


def _focal(logits: Tensor, heat: Tensor, judged: Tensor) -> Tensor:
    """Focal loss of centres (Law & Deng 2018): cells near a middle are blamed less for answering."""
    sure, unsure = functional.logsigmoid(logits), functional.logsigmoid(-logits)
    probability = logits.sigmoid()
    at_middle = -((1 - probability) ** 2) * sure
    elsewhere = -((1 - heat) ** 4) * probability**2 * unsure
    return torch.where(heat == 1, at_middle, elsewhere) * judged


def _generalised_iou(a: Tensor, b: Tensor) -> Tensor:
    """Generalised IoU (Rezatofighi et al. 2019) of boxes (K, 4) given as distances from one point to their sides."""
    shared = torch.minimum(a[:, 0], b[:, 0]) + torch.minimum(a[:, 2], b[:, 2])
    shared = shared.clamp(min=0) * (torch.minimum(a[:, 1], b[:, 1]) + torch.minimum(a[:, 3], b[:, 3])).clamp(min=0)
    area_a = (a[:, 0] + a[:, 2]) * (a[:, 1] + a[:, 3])
    area_b = (b[:, 0] + b[:, 2]) * (b[:, 1] + b[:, 3])
    union = area_a + area_b - shared
    hull = torch.maximum(a[:, 0], b[:, 0]) + torch.maximum(a[:, 2], b[:, 2])
    hull = hull * (torch.maximum(a[:, 1], b[:, 1]) + torch.maximum(a[:, 3], b[:, 3]))
    return shared / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)
