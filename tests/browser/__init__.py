"""Tests of the labs in a running JupyterLab, seen by a real browser."""
