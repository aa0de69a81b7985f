"""Runs the cases of refusals_pytorch.py and refusals_keras.py."""

import argparse
import importlib.util
import pathlib
import shutil


CASES = {}  # by name: words of the refusal, None for none, and a function that changes a loop


def case(words=None):
    """Adds a case."""
    def add(change):
        CASES[change.__name__.replace("_", "-")] = (words, change)
        return change
    return add


def main(doc, loop):
    """Records every case and says which were not as they must be; returns the exit status."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--recorder", required=True, help="what `gonn record` wrote")
    parser.add_argument("--case", action="append", choices=list(CASES))
    args = parser.parse_args()
    spec = importlib.util.spec_from_file_location("gonn_record", args.recorder)
    recorder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recorder)
    wrong = 0
    for name in args.case or CASES:
        words, change = CASES[name]
        folder, said = args.folder / name, None
        shutil.rmtree(folder, ignore_errors=True)
        made = loop()
        try:
            change(made)
            made.run(recorder, folder)
        except recorder.Refused as why:
            said = str(why)
        right = said is None if words is None else said is not None and words in said and not folder.exists()
        wrong += not right
        print(f"{'' if right else 'WRONG: '}{name}: {said or 'recorded'}" + ("" if right or words is None else f"; want {words!r}, and no folder"))
    print(f"{len(args.case or CASES)} trainings, {wrong} wrong")
    return 1 if wrong else 0
