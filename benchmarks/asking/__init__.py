"""The clients that are measured: one file for each library, the same questions asked by all."""
