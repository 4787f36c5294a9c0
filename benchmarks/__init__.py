"""Side-by-side measurements against peers; never part of the test run. How to run them: README.md."""
