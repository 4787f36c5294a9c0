"""`python -m datasets prepare`: any source of pictures into sharded, reduced, shuffled records."""

from __future__ import annotations

import argparse
from typing import Any

from datasets.records import DUPLICATES, INDEX, REPORT, shard_name
from impasto.arguments import count, pixels
from impasto.bulk import runners
from impasto.console import complain, say, shown

SUMMARY = "Write any source as sharded, reduced, shuffled records. Cut off, the same command goes on."
EXAMPLE = "prepare photos/ --out photos-records --short 512"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of the command."""
    parser.description = f"""\
{SUMMARY}

Pictures are read as everywhere, reduced to a short side, encoded as JPEG (one that fits already is kept byte for byte),
and written in shuffled order into array_record files, which `records:FOLDER` and TensorFlow Datasets read. The work is
done by Apache Beam: by the processes of this machine, or by a Flink, Spark or Dataflow cluster. What cannot be used is
left out and listed in {REPORT} with the reason; near copies are listed in duplicates.json."""
    add = parser.add_argument
    add("spec", help="source to prepare, see below; also a place of a bucket, such as gs://bucket/photos")
    add("--out", required=True, metavar="PATH", help="folder, or place of a bucket, to write")
    add(
        "--short",
        type=pixels,
        default=512,
        metavar="N",
        help="short side in pixels that larger pictures are reduced to",
    )
    add(
        "--least",
        type=count(1, 16384),
        default=64,
        metavar="N",
        help="leave out pictures whose short side has fewer pixels",
    )
    add("--quality", type=count(1, 100), default=95, metavar="N", help="of the JPEGs that have to be encoded")
    add(
        "--shards",
        type=count(1, 99_999),
        metavar="N",
        help="files to write (default: one for 256 pictures, 512 at most)",
    )
    add("--seed", type=count(0, 2**32 - 1), default=0, help="of the order, and of a synthetic source")
    add(
        "--near", type=count(0, 16), default=4, metavar="BITS",
        help="pictures whose 64-bit perceptual hashes differ in at most this many bits are near copies",
    )  # fmt: skip
    add("--drop-duplicates", action="store_true", help="records:FOLDER leaves out all but the first of near copies")
    runners.add_flags(parser)


def run(options: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from datasets.preparing import WORK, Preparation, Preparing, plan, summary
    from impasto.bulk.places import Place
    from impasto.bulk.work import Work, refuse_another

    if options.least > options.short:
        raise ValueError(f"--least {options.least}: pictures are reduced to {options.short} by --short")
    choice = runners.chosen(options)
    wish = Preparation(
        source=options.spec, short=options.short, least=options.least, quality=options.quality, shards=options.shards,
        seed=options.seed,
    )  # fmt: skip
    work = Work(Place(options.out), WORK)
    with work.alone():
        asked: dict[str, Any] = {**vars(wish), "near": options.near, "drop_duplicates": options.drop_duplicates}
        made = work.begun()
        if made is None:
            shards, parts = plan(wish)
            work.refuse_taken([REPORT, DUPLICATES, INDEX, "dataset_info.json", shard_name(0, shards)])
            made = work.begin({"asked": asked, "shards": shards}, parts)
        else:
            refuse_another(made["asked"], asked, options.out, "preparing")
        shards = made["shards"]
        runners.run(Preparing(work, wish, shards), shards, choice, "preparing")
        report = summary(work, wish, shards, options.near, options.drop_duplicates)
    return _tell(options.out, report)


def _tell(out: str, report: dict[str, Any]) -> int:
    skipped = report["skipped"]
    for entry in skipped[:20]:
        complain(f"skipped {shown(entry['name'])}: {shown(entry['reason'])}")
    if len(skipped) > 20:
        complain(f"skipped {len(skipped) - 20} more, listed in {shown(out)}/{REPORT}")
    if not report["pictures"]:
        complain(f"error: {shown(out)}: none of the pictures of {shown(report['source'])} can be used")
        return 1
    place = "left out by readers" if report["drop_duplicates"] else "listed in duplicates.json"
    say(
        f"{shown(out)}: {report['pictures']} pictures in {len(report['shards'])} shards, {report['bytes'] / 1e6:.1f} "
        f"MB; {len(skipped)} skipped; {report['copies']} near copies, {place}"
    )
    return 0
