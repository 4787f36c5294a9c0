"""What computes the networks: one small protocol, and the runtimes that are installed with the package."""
