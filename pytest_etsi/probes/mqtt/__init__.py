"""MQTT: one connection with its answer, and sessions that subscribe and publish."""
