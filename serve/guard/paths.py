"""Paths that several guards treat alike."""

# what orchestrators ask: whether the service lives, and no more
PROBES = (
    "/startupz",
    "/livez",
    "/readyz",
    "/v2/health/live",
    "/v2/health/ready",
)
