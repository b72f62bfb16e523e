"""What all formats share: how fields of a tool become those of a judgement."""
