"""Sentences that might be annotated: what was scored, offered and leased."""
