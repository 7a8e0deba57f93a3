"""Questions to begin with; only those that the corpus answers are shown."""

from typing import Final

EXAMPLES: Final = (
    "上海规模以上AI企业有多少家？",
    "2022年中国人工智能核心产业规模有多大？",
    "2023世界人工智能大会是哪几天举行的？",
)
