"""Judges the pairs that `fhir-iis matching --write` wrote with splink (PyPI) and prints figures, a JSON line a set.

Splink gets the same records, folded the same, and the same candidate pairs (the blocking keys are a column). Its
comparisons are those of its library for such columns, its parameters are estimated as its documentation advises:
u from random pairs, m by expectation maximization, once for each of several blocking rules.
usage: with-splink.py <folder> [<folder> ...]
"""

import json
import logging
import sys
import time
from pathlib import Path

import pandas
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

PRECISION = 0.999
# What a column is compared with, where the records have it.
COMPARISONS = {
    "given": lambda: cl.ForenameSurnameComparison("given", "family"),
    "middle": lambda: cl.JaroWinklerAtThresholds("middle", [0.9]),
    "birth_date": lambda: cl.DateOfBirthComparison("birth_date", input_is_string=True),
    "sex": lambda: cl.ExactMatch("sex"),
    "suffix": lambda: cl.ExactMatch("suffix"),
    "birth_order": lambda: cl.ExactMatch("birth_order"),
    "number": lambda: cl.ExactMatch("number"),
    "street": lambda: cl.JaroWinklerAtThresholds("street", [0.9]),
    "city": lambda: cl.JaroWinklerAtThresholds("city", [0.9]),
    "zip": lambda: cl.DamerauLevenshteinAtThresholds("zip", [1]),
    "phones": lambda: cl.ArrayIntersectAtSizes("phones", [1]),
    "email": lambda: cl.JaroWinklerAtThresholds("email", [0.9]),
    "maiden": lambda: cl.JaroWinklerAtThresholds("maiden", [0.9]),
    "secret": lambda: cl.DamerauLevenshteinAtThresholds("secret", [1]),
}
# A rule leaves out of estimation what it blocks on: two that share no column see all. Rules that gather households
# (an address) would have it take relatives for one person.
TRAINING = [("birth_date",), ("given", "family")]


def has(records, column):
    values = records[column] if column in records else pandas.Series(dtype=object)
    return values.map(lambda value: value is not None and value == value and value != []).any()


def predict(records):
    used = [column for column in COMPARISONS if has(records, column)]
    links = records["file"].notna().any() if "file" in records else False
    tables = [part for _, part in records.groupby("file")] if links else [records]
    settings = SettingsCreator(
        link_type="link_only" if links else "dedupe_only",
        comparisons=[COMPARISONS[column]() for column in used],
        blocking_rules_to_generate_predictions=[block_on("keys", arrays_to_explode=["keys"])],
        additional_columns_to_retain=["entity"],
        retain_matching_columns=False,
    )
    api = DuckDBAPI()
    linker = Linker([api.register(table) for table in tables] if links else api.register(records), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("birth_date", "family"), block_on("given", "family", "zip")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for columns in TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    started = time.perf_counter()
    pairs = linker.inference.predict(threshold_match_probability=0).as_pandas_dataframe()
    return pairs, time.perf_counter() - started


def quality(answered, right, true_pairs):
    precision, recall = (right / answered if answered else 1.0), right / true_pairs
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall or 1)}


def figures(pairs, true_pairs):
    pairs = pairs.sort_values("match_weight", ascending=False)
    true = (pairs["entity_l"] == pairs["entity_r"]).to_numpy()
    believed = pairs["match_probability"].to_numpy() >= 0.95
    right = true.cumsum()
    sweep = [quality(at + 1, int(right[at]), true_pairs) for at in range(len(true))]
    return {
        **quality(int(believed.sum()), int(true[believed].sum()), true_pairs),
        "bestF1": max(each["f1"] for each in sweep),
        "recallAtPrecision": max((each["recall"] for each in sweep if each["precision"] >= PRECISION), default=0),
    }


def main(folders):
    logging.getLogger("splink").setLevel(logging.ERROR)
    for folder in map(Path, folders):
        truth = json.loads((folder / "truth.json").read_text())
        lines = (folder / "records.ndjson").read_text().splitlines()
        records = pandas.DataFrame([json.loads(line) for line in lines])
        pairs, seconds = predict(records)
        answer = figures(pairs, truth["truePairs"])
        print(json.dumps({"name": truth["name"], "pairs": len(pairs), **answer, "throughput": len(pairs) / seconds}))


if __name__ == "__main__":
    main(sys.argv[1:])
