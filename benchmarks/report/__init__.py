"""docs/benchmarks.md, to which every benchmark writes its section."""
