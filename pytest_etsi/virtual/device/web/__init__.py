"""The web interface of the camera."""
