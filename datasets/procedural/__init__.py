"""Drawing pictures by rule: scenes, and how painters, printers and mosaicists would have made them."""
