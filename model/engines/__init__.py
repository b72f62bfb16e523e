"""Engines, which compute logits of token batches: one protocol, one file a runtime."""
