"""Makes testdata/golden/stats.json: means, intervals, paired tests and Holm's correction.

    python golden_stats.py     (made with SciPy 1.17.1 and statsmodels 0.15.0, see requirements-stats.txt)

The samples look like losses of a few runs; some are far apart, some nearly equal.
"""

import json

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests

from common import GOLDEN

LEVELS = [0.5, 0.95, 0.999]


def sample(x):
    """Mean, deviation and intervals, (confidence, prediction) of each level."""
    x = np.array(x)
    n, mean, s = len(x), np.mean(x), np.std(x, ddof=1)
    intervals = []
    for level in LEVELS:
        confidence = stats.t.interval(level, n - 1, loc=mean, scale=stats.sem(x))
        prediction = stats.t.interval(level, n - 1, loc=mean, scale=s * np.sqrt(1 + 1 / n))
        intervals.append([float(v) for v in (*confidence, *prediction)])
    return {"x": x.tolist(), "mean": float(mean), "std": float(s), "intervals": intervals}


def paired(a, b):
    """The paired t-test of two samples."""
    test = stats.ttest_rel(a, b)
    low, high = test.confidence_interval(0.95)
    return {"a": a, "b": b, "difference": float(np.mean(np.array(a) - np.array(b))),
            "interval": [float(low), float(high)], "t": float(test.statistic), "p": float(test.pvalue)}


def main():
    rng = np.random.default_rng(11)
    draw = lambda mean, std, n: [round(float(v), 6) for v in rng.normal(mean, std, n)]
    samples = [[0.0575, 0.0529], [2.3019, 2.3026, 2.3025], draw(0.055, 0.004, 5), draw(0.08, 0.001, 10),
               draw(0, 1, 31), [1e6 + v for v in draw(0, 1, 8)]]
    pairs = []
    for n, shift, noise in [(2, 0.01, 0.001), (3, 0, 0.003), (5, 0.002, 0.001), (10, 0.001, 0.002), (10, 1, 0.001), (30, 0, 0.01)]:
        a = draw(0.06, 0.01, n)
        pairs.append(paired(a, [round(v + d, 6) for v, d in zip(a, draw(shift, noise, n))]))
    ps = [[0.03], [0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.9], [1e-12, 0.02, 0.02, 0.021, 1, 0.3],
          [float(v) for v in rng.random(28) ** 4]]
    golden = {
        "versions": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__}, "generator": "testdata/ref/golden_stats.py",
        "levels": LEVELS, "samples": [sample(x) for x in samples], "pairs": pairs,
        "holm": [{"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()} for p in ps],
    }
    (GOLDEN / "stats.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
