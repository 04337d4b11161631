"""The associated service of the camera."""
