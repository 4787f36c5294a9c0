"""Golden cases: what Python computes, for the page to be held to."""
