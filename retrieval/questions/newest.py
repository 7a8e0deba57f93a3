"""最新, 最近, 目前, 到几了: a demand on time, met by the newest of what answers alike."""

from retrieval.regex import regex

NEWEST = regex(
    "截[至止]到?(?:目前|现在)|到目前(?:为止)?|目前(?:为止)?|今年以来|迄今(?:为止)?|至今(?:为止)?|现在|当前|眼下|如今|近[日期况]|"
    "最新(?!鲜|颖)(?:版本?号?)?(?:(?:公布|发布|披露|出炉)的)?(?:的?(?:数据|统计)(?![中库]))?|"
    "(?<![离距])最近(?!的?[城机车海河湖岛村镇邻])(?:一次)?(?:(?:公布|发布|披露)的)?|到第?几了|"
    r"\b(?:latest|newest|most recent(?:ly)?|recently|currently|right now|so far|up to now)\b"
)

WHICH = "(?:什么|哪个|哪一?[款代种]|多少|啥|第?几)"
VERSION = regex(
    rf"v几|几点几|几代|版本号|最新版本?号?(?:是|叫|为|到)?了?{WHICH}|(?:哪个|什么|啥)版本|最新是第?几(?![号级度个点])"
    rf"|最新的?[^,;。?]{{0,10}}?(?:模型|型号|版本)(?:(?:是|叫|为)?{WHICH}(?:名字?)?)?$|(?:出|更新|升级|迭代)到了?(?:第?几|哪|什么)"
)


def wants_newest(normalised: str) -> bool:
    """Whether a normalised question asks for what is so now."""
    return NEWEST.search(normalised) is not None


def wants_version(normalised: str) -> bool:
    """Whether a normalised question asks which version of something is the last: 最新版是几, 出到几代了."""
    return VERSION.search(normalised) is not None
