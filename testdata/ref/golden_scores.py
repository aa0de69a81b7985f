"""Makes testdata/golden/scores.json: scikit-learn's scores of made-up answers.

    python golden_scores.py     (made with scikit-learn 1.9.1, see requirements-scores.txt)

Six classes, one of which has no sample, one of which nothing is taken for, and one
with neither. No two outputs of a sample are equal: the programs break ties
differently.
"""

import json

import numpy as np
import sklearn
from sklearn import metrics

from common import GOLDEN

CLASSES = 6
SAMPLES = 53


def main():
    rng = np.random.default_rng(7)
    outputs = np.argsort(rng.random((SAMPLES, CLASSES)), axis=1).astype(float)
    labels = rng.choice([0, 1, 3, 4], SAMPLES, p=[0.4, 0.3, 0.2, 0.1])
    outputs[np.arange(SAMPLES), labels] += rng.choice([0, 2.5], SAMPLES)
    outputs[:, 4] -= 10  # has samples, is never taken
    outputs[:, 5] -= 20  # neither
    answers = outputs.argmax(axis=1)
    every = range(CLASSES)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, answers, labels=every, zero_division=0)
    macro = metrics.precision_recall_fscore_support(labels, answers, labels=every, average="macro", zero_division=0)
    golden = {
        "versions": {"scikit-learn": sklearn.__version__}, "generator": "testdata/ref/golden_scores.py",
        "outputs": outputs.tolist(), "labels": labels.tolist(),
        "accuracy": metrics.accuracy_score(labels, answers),
        "top": [metrics.top_k_accuracy_score(labels, outputs, k=k, labels=every) for k in range(1, CLASSES)],
        "confusion": metrics.confusion_matrix(labels, answers, labels=every).tolist(),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "macro": [float(v) for v in macro[:3]],
    }
    (GOLDEN / "scores.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
