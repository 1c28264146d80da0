"""Benchmarks: what is fast enough, measured. Not part of the tests."""
