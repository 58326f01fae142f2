"""What a link may say of the maps that are held against each other, on each page that shows them. Their subject: a
`Subject`.
"""

from typing import NamedTuple

from ...ui.link import Flag, Integer


class Subject(NamedTuple):
    """How many maps there are to be, and how many samples."""

    maps: int
    samples: int


MAPS = Flag(name="maps", about="maps of the same samples are held against each other")
TSNE = Flag(name="tsne", about="t-SNE's is one of them")
VIEW = (
    Integer(
        name="map",
        about="which of the maps lies there, from 0: PCA's first, t-SNE's last",
        default=0,
        high=lambda of: of.maps - 1,
    ),
    Integer(
        name="sample",
        about="the sample that is followed from map to map, from 0",
        high=lambda of: of.samples - 1,
        entry=True,
    ),
    Integer(
        name="origin",
        about="the map whose nearest neighbours of it are marked, from 0",
        default=0,
        high=lambda of: of.maps - 1,
        entry=True,
    ),
)
PARAMETERS = (MAPS, TSNE, *VIEW)
