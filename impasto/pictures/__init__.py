"""Pictures in and out: the one reader, the one writer, and folders of pictures."""
