"""Training: a teacher on the perceptual loss, students distilled from it, and the evaluation of both."""
