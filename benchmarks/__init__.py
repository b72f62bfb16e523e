"""Speed and memory beside other engines and servers, in turns, as ratios: docs/benchmarks.md."""
