"""Everything that needs PyTorch. Nothing else in the package imports it."""
