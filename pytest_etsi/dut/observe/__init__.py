"""What is observed on the device: one module an observation."""
