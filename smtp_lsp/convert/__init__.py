"""Writing what was read in another form: the session tree as JSON."""
