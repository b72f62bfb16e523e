"""What turns token batches into logits: one Protocol, one file per runtime."""
