"""From a trained network to a model folder, and from a model folder to the shipped one."""
