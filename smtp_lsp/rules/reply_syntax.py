"""RPL: how replies are written and whether they fit the command (RFC 5321 4.2, 4.3)."""
