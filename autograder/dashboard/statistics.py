"""Item analysis: how hard each exercise is, whether it separates those who can from those who cannot, how reliable a topic is.

Scores are arrays of learners x items, each between 0 and 1, without missing values. Standard references: Crocker and Algina
(1986), "Introduction to classical and modern test theory"; Ebel and Frisbie (1991), "Essentials of educational measurement".
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

#: Fewer learners than these, and a statistic says more about persons than about an exercise: it is not shown.
FEWEST_LEARNERS = 10
CONFIDENCE = 0.95
#: Kelley (1939): the share of the class at either end that tells an item's discrimination best.
TAIL = 0.27

Scores: TypeAlias = NDArray[np.float64]
Interval: TypeAlias = tuple[float, float]


def cronbach_alpha(scores: Scores) -> float:
    """Internal consistency, k / (k - 1) (1 - sum of item variances / variance of the totals); NaN where it is not defined.

    Source: Cronbach (1951), "Coefficient alpha and the internal structure of tests"; for right and wrong only, it is KR-20.
    """
    items = scores.shape[1]
    total = scores.sum(axis=1).var(ddof=1)
    if items < 2 or total == 0:
        return float("nan")
    return float(items / (items - 1) * (1 - scores.var(axis=0, ddof=1).sum() / total))


def alpha_if_deleted(scores: Scores) -> list[float]:
    """Cronbach's alpha of the other items, for each item."""
    return [cronbach_alpha(np.delete(scores, item, axis=1)) for item in range(scores.shape[1])]


def standard_error_of_measurement(scores: Scores) -> float:
    """Standard deviation of the totals times the root of 1 - alpha, in items."""
    return float(scores.sum(axis=1).std(ddof=1) * np.sqrt(max(0.0, 1 - cronbach_alpha(scores))))


def discrimination(scores: Scores, item: int) -> tuple[float, Interval] | None:
    """Correlation of an item with the total of the others (corrected item-total), and its confidence interval by Fisher's z.

    None where the item or the rest is the same for everybody.
    """
    own, rest = scores[:, item], np.delete(scores, item, axis=1).sum(axis=1)
    if np.ptp(own) == 0 or np.ptp(rest) == 0:
        return None
    correlation = stats.pearsonr(own, rest)
    low, high = correlation.confidence_interval(CONFIDENCE)
    return float(correlation.statistic), (float(low), float(high))


def upper_lower_difference(scores: Scores, item: int) -> float:
    """D27: an item's mean in the upper 27 percent of the class by the total, less its mean in the lower 27 percent."""
    order = np.argsort(scores.sum(axis=1), kind="stable")
    tail = max(1, round(TAIL * len(order)))
    return float(scores[order[-tail:], item].mean() - scores[order[:tail], item].mean())


def share_interval(count: int, of: int) -> Interval:
    """Confidence interval of a share. Source: Wilson (1927), "Probable inference, the law of succession"."""
    low, high = stats.binomtest(count, of).proportion_ci(CONFIDENCE, method="wilson")
    return float(low), float(high)
