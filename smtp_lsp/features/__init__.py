"""What an editor can ask, answered as plain data over byte spans. No LSP is heard of here."""
