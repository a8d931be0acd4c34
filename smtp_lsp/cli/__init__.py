"""The shell's face: check, explain, rules, serve."""
