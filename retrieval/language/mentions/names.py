"""Which words name a place, a person, an organisation: jieba's tags, less what they are wrong about."""

COMMON = frozenset(
    """
    东西 城市 城镇 都市 外国 内陆地区 西区 高山 山脉 大洋 共和国 王朝 关联 嘉宾 论文 抗议 抗争 古老 安静 许可
    诸如 申请人 高水平 登月 复合物 钱财 恐龙 交易所 联邦政府 音乐会 努力争取 相冲突 上市
    """.split(),
)
"""Words that jieba's dictionary has for names, and that are none."""
