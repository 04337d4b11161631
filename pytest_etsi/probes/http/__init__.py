"""HTTP: a client within bounds, how a server asks for credentials, and published documents."""
