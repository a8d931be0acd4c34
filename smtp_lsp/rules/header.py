"""HDR: header fields of messages."""
