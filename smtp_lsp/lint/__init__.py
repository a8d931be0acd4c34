"""Running the rules over a file."""
