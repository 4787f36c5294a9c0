"""How the kernels of a transformer start: every one with numbers of its own, residual branches at nothing.

A Keras initialiser without a seed draws one when it is made, and gives the same numbers at every call of one shape. One
object for all layers therefore starts every kernel of a shape bit-identical. Here each kernel has an initialiser of its
own.

Why branches start at zero: the loss of `fast` from scratch, means of the 50 steps before, 128 px, 4 pairs a step.

| start | step 100, seeds 1, 2, 3 | mean | step 200, seeds 1, 2, 3 | mean | content at 200 |
|---|---|---|---|---|---|
| `identical` | 3.18 3.06 3.09 | 3.11 | 2.65 2.62 2.61 | 2.63 | 0.51 |
| `independent` | 3.04 2.88 3.08 | 3.00 | 2.58 2.52 2.59 | 2.56 | 0.48 |
| `zero` | 2.95 3.12 2.89 | 2.98 | 2.53 2.62 2.48 | 2.54 | 0.47 |

The accident is the worst at every seed; zero and independent starts differ by less than seeds do, and zero is the
kindest to content. A comparison of before, by one seed and another loss, had `identical` and `zero` alike and
`independent` behind (1.94, 1.94 and 2.05 after 300 steps): one seed is not enough.
"""

from __future__ import annotations

import keras

# `zero`: the last kernel of every residual branch is zero, so that a block starts as the identity.
# `small`: the last kernels start at a tenth of He normal. `independent`: like all others.
# `identical`: as Impasto's networks started until 2026-11, by accident: to repeat comparisons with, not to train.
STARTS = ("zero", "small", "independent", "identical")
_SMALL = 0.1


class Start:
    """Initialisers for the kernels of one network.

    Args:
        initializer: What all kernels start with; copied for each of them.
        kind: One of `STARTS`.
    """

    def __init__(self, initializer: keras.initializers.Initializer, kind: str) -> None:
        if kind not in STARTS:
            raise ValueError(f"start must be one of {STARTS}. Received: start={kind!r}")
        self._initializer = initializer
        self._kind = kind

    def kernel(self) -> keras.initializers.Initializer:
        """For one kernel; ask again for the next."""
        # A clone draws a seed of its own.
        return self._initializer if self._kind == "identical" else self._initializer.clone()

    def last_of_branch(self) -> keras.initializers.Initializer:
        """For the kernel whose output is added to what went around the branch."""
        if self._kind == "zero":
            return keras.initializers.Zeros()
        if self._kind == "small":
            return keras.initializers.VarianceScaling(2 * _SMALL**2, mode="fan_in", distribution="truncated_normal")
        return self.kernel()
