"""What the manufacturer publishes about the camera."""
