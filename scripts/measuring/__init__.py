"""What the benchmarks share: a stage, a fair race, and the road from data to the page that shows it."""
