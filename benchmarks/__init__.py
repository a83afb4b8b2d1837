"""The benchmark against stock Rasa: `make benchmark`, or `python -m benchmarks --help`. Nothing of the product imports this."""
