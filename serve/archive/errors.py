"""Why an archive is not scored. Every message says the way out."""

from model.errors import DemarcheError


class JobDiffers(DemarcheError):
    """The work that a stopped run left is of another input, model, engine or option."""

    exit_code = 3


class InputChanged(DemarcheError):
    """A file was changed while it was read; nothing of it is in an output."""

    exit_code = 3


class DiskFull(DemarcheError):
    """There is no space left; what is scored so far is kept."""


class ClusterFailed(DemarcheError):
    """There is no cluster, or it does nothing, or a worker would score otherwise."""
