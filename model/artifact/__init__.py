"""The model folder: written whole, verified when opened, with the manifest beside the weights."""
