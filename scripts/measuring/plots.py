"""Curves over one axis, drawn to be read at 600 pixels and by the colour-blind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

COLOURS = ("#0072B2", "#D55E00")  # blue and vermilion of Okabe and Ito
MARKERS = ("o", "s")
TICKS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Series:
    """One curve with its own axis: what it shows with its unit, and its points."""

    label: str
    points: Mapping[int, float]
    log: bool = False


def draw(path: Path, across: str, series: Sequence[Series], marks: Mapping[str, int], source: str) -> None:
    """Write a PNG of 900 x 750 pixels with a panel for each of `series`, over the axis `across`.

    `marks` names places on that axis; `source` is put into the picture's description.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - who only reads the data needs no matplotlib

    figure = Figure(figsize=(6, 5), dpi=150, layout="constrained")
    panels = figure.subplots(len(series), 1, sharex=True)
    for panel, shown, colour, marker in zip(panels, series, COLOURS, MARKERS, strict=False):
        panel.plot(list(shown.points), list(shown.points.values()), color=colour, marker=marker, linewidth=2)
        panel.set_ylabel(shown.label)
        panel.grid(visible=True, color="#DDDDDD")
        if shown.log:
            panel.set_yscale("log")
            panel.set_yticks(TICKS, [str(tick) for tick in TICKS])
            panel.set_ylim(0.9, 1.3 * max(shown.points.values()))
        else:
            panel.set_ylim(0, 1.1 * max(shown.points.values()))
        for place in marks.values():
            panel.axvline(place, color="#444444", linestyle="--", linewidth=1)
    for name, place in marks.items():
        panels[0].text(place, 1.03, name, transform=panels[0].get_xaxis_transform(), ha="center")
    ticks = list(series[0].points)
    panels[-1].set_xscale("log", base=2)
    panels[-1].set_xticks(ticks, [str(tick) for tick in ticks])
    panels[-1].set_xlabel(across)
    for panel in panels:
        panel.minorticks_off()
    figure.savefig(path, metadata={"Description": source, "Software": None})
