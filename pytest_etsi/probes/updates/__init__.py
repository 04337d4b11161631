"""What stands between a device and the server of its updates: a relay that changes nothing, and a false server."""
