"""Pictures in, batches out: sources of photographs and styles, preprocessing, packing. Depends on no other package of ours."""
