"""Text as bytes: lines, spans, and views that know where in the file they came from."""
