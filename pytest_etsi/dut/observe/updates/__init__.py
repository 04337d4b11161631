"""What the device does with packages of software, and with what its user has set about them."""
