"""ESC: enhanced status codes (RFC 2034, RFC 3463)."""
