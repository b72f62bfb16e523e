"""What a model gets right: metrics, slices, behaviour, baselines."""
