"""TA1, 997 and CONTRL: built from issues, read back into outcomes."""
