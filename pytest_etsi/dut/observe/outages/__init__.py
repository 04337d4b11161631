"""What the device does while network or power is away, and when it is back."""
