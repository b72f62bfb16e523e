"""The state of a fit on the disk, so that one that is killed after hours goes on where it was."""

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import PreTrainedModel

from model.durable import whole_binary_file

_STATE = "state.pt"


@dataclass(frozen=True)
class FitState:
    """What changes during a fit: the network, its optimizer and its learning-rate schedule."""

    network: PreTrainedModel
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler

    def save(self, folder: Path, step: int) -> None:
        """Replace the state in `folder`; after a kill there is the old one or the new."""
        folder.mkdir(parents=True, exist_ok=True)
        state = {
            "step": step,
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        with whole_binary_file(folder / _STATE) as file:
            torch.save(state, file)

    def restore(self, folder: Path) -> int:
        """Take up the state in `folder`, if there is one; return how many steps it has made."""
        path = folder / _STATE
        if not path.exists():
            return 0
        # only tensors and numbers are read: a file that holds code is refused
        state = torch.load(path, map_location=self.network.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        return int(state["step"])
