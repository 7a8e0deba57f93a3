"""最新, 最近, 目前, 到几了: a demand on time, met by the newest of what answers alike."""

from retrieval.regex import regex

NEWEST = regex(
    r"截[至止]到?(?:目前|现在)|到目前(?:为止)?|目前(?:为止)?|(?:今年|(?<=\d年))以来|迄今(?:为止)?|至今(?:为止)?|现在|当前|眼下|如今|近[日期况]|"
    "最新(?!鲜|颖)(?:版本?号?)?(?:(?:公布|发布|披露|出炉)的)?(?:的?(?:数据|统计)(?![中库]))?|"
    "(?<![离距])最近(?!的?[城机车海河湖岛村镇邻])(?:一次)?(?:(?:公布|发布|披露)的)?|(?<![加高长升降少涨达])到(?:第?几|多少)了|"
    r"\b(?:latest|newest|most recent(?:ly)?|recently|currently|right now|so far|up to now)\b"
)

WHICH = "(?:什么|哪个|哪一?[款代种]|多少|啥|第?几)"
VERSION = regex(
    rf"v几|几点几|几代|版本号|最新版本?号?(?:是|叫|为|到)?了?{WHICH}|(?:哪个|什么|啥)版本|最新是第?几(?![号级度个点])"
    rf"|最新的?[^,;。?]{{0,10}}?(?:模型|型号|版本)(?:(?:是|叫|为)?{WHICH}(?:名字?)?)?$|(?:出|更新|升级|迭代)到了?(?:第?几|哪|什么)"
)

TOTAL = regex(
    "现在|目前|当前|如今|眼下|截[至止]|迄今|至今|年以来|(?<![加高长升降少涨达])到第?(?:多少|几)|累计|一共|总共"
)
"""What asks how many there are by now, not of the last news."""
TOLD_AS_TOTAL = regex(
    r"截[至止]|目前|累计|总[数量]|今年以来|迄今|前\d{1,2}个?月|\d{1,2}月?(?:至|到|-|—)\d{1,2}月|前[二两三]个?季度|上半年"
)
"""How it is told, how many there are by then."""


def wants_newest(normalised: str) -> bool:
    """Whether a normalised question asks for what is so now."""
    return NEWEST.search(normalised) is not None


def wants_version(normalised: str) -> bool:
    """Whether a normalised question asks which version of something is the last: 最新版是几, 出到几代了."""
    return VERSION.search(normalised) is not None


def wants_total(normalised: str) -> bool:
    """Whether a normalised question asks how many there are by now."""
    return TOTAL.search(normalised) is not None


def tells_total(text: str) -> bool:
    """Whether a normalised text tells how many there are by some time, and not of one occasion."""
    return TOLD_AS_TOTAL.search(text) is not None
