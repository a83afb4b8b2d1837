"""The staff page: a small process of its own over the same database, and the command that keeps its accounts."""
