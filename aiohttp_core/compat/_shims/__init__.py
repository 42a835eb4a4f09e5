"""What aiohttp's modules hold and our machinery has no use for, in aiohttp's shape.

Imported by absolute name only: the faces beside this folder can be loaded under two names, and a class must not be.
"""
