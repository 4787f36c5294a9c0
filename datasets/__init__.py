"""Pictures in, batches out: sources, preprocessing, packing. Depends on no other package of ours."""
