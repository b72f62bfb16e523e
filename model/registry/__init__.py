"""Every trained model, which of them is live, and what happened to it."""
