"""The bench around the camera: supply, switch, gateway."""
