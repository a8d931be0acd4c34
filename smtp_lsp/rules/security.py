"""SEC: TLS, authentication and credentials."""
