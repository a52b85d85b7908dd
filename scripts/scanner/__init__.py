"""The scanner: one detector a trap, run over syntax trees. Standard library only; never runs the scanned code."""
