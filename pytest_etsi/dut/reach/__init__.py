"""How the device is reached: network, operations, gateway, documents, and the ways to log in."""
