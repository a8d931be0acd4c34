"""The editor's face. Only here are pygls and lsprotocol imported."""
