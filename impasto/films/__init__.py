"""Films, painted frame by frame into new ones. Needs PyAV, the extra `video`."""
