"""最新, 最近, 目前, 到几了: a demand on time, met by the newest of what answers alike."""

from retrieval.regex import regex

NEWEST = regex(
    "截[至止]到?(?:目前|现在)|到目前(?:为止)?|目前(?:为止)?|今年以来|迄今(?:为止)?|至今(?:为止)?|现在|当前|眼下|如今|近[日期况]|"
    "最新(?!鲜|颖)|(?<![离距])最近(?!的?[城机车海河湖岛村镇邻])|到第?几了|"
    r"\b(?:latest|newest|most recent(?:ly)?|recently|currently|right now|so far|up to now)\b"
)


def wants_newest(normalised: str) -> bool:
    """Whether a normalised question asks for what is so now."""
    return NEWEST.search(normalised) is not None
