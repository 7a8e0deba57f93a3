"""What a figure measures, in the words of news: 销量, 售出 and 卖出 are one measure; 规模以上 limits one."""

import re

from retrieval.regex import regex

MEASURES = (
    "销量 销售量 售出 卖出 交付量 交付 销售出 累计销售",
    "销售额 销售收入 零售额 成交额 交易额 零售总额",
    "产销量 产销",
    "产量 生产 产出量",
    "产值 总产值",
    "增加值",
    "营收 营业收入 收入 营业总收入 总营收",
    "利润 净利润 盈利",
    "亏损 净亏损",
    "社会融资规模存量 社会融资存量",
    "社会融资规模增量 社会融资规模 社会融资增量",
    "融资 募资 募集资金 融资额 筹资 融资金额",
    "总投资 投资总额 投资规模",
    "投资 投资额",
    "估值",
    "市值",
    "签约",
    "损失",
    "赔偿",
    "奖励",
    "售价 定价 价格 起售价",
    "发行价",
    "收费",
    "参数 参数量 参数规模",
    "功耗",
    "续航",
    "重量 重 重达",
    "面积",
    "人口",
    "用户 活跃用户 月活 月活跃用户 月活用户 用户数 用户量",
    "日活 日活跃用户 日活用户",
    "企业 企业数",
    "专利",
    "论文",
    "产能",
    "装机 装机容量 装机量",
    "发电量",
    "用电量",
    "出口 出口额 出口量 出口总值",
    "进口 进口额 进口总值",
    "进出口 进出口额 进出口总值 进出口总额",
    "gdp 国内生产总值 生产总值",
    "准确率 精度 正确率",
    "占比 比重 份额",
    "上下文 窗口 上下文窗口",
    "成本",
    "读片",
    "招收 招生",
    "旅客 客流 旅客发送量 发送旅客",
    "货运量 货物发送量",
    "里程 通车里程",
    "订单",
    "下载 下载量",
    "绿电",
    "固定资产投资",
    "工业增加值",
    "零售总额 社会消费品零售总额",
    "网上零售额",
    "成交量",
    "利率 平均利率 加权平均利率",
    "居民消费价格指数 cpi",
    "核心cpi",
    "ppi 工业生产者出厂价格指数",
    "优良天数比例 优良天数比率",
    "浓度 平均浓度",
    "吞吐量 货物吞吐量",
    "集装箱吞吐量",
    "流动量 人员流动量",
    "旅客运输量 客运量",
    "周转量",
    "业务量 快递业务量",
    "新接订单量",
    "手持订单量",
    "完工量",
    "失业率",
    "新增就业",
    "实际使用外资",
    "财政收入",
    "可支配收入",
    "票房",
    "贷款余额 存款余额",
    "存煤",
    "拥有量 保有量",
    "渗透率",
    "普及率",
    "贡献率",
    "开行",
    "全长 总长 线路全长 线路总长",
    "时速 设计时速",
    "降水量 降雨量",
    "算力规模 智能算力",
    "延迟 时延",
    "带宽",
    "训练成本",
    "员工 员工数",
    "开发者",
    "首付 房价",
    "罚款",
    "预算",
    "薪资 年薪 月薪",
    "股价",
    "工期",
    "日产",
    "库存 存栏",
    "播种面积",
    "种植面积",
    "建筑面积",
    "总产量 粮食总产量 粮食产量",
    "观众",
)
"""Names of one measure, a line each."""
GROUP = {name: group for group, line in enumerate(MEASURES) for name in line.split()}
NAME = regex("|".join(sorted(map(re.escape, GROUP), key=len, reverse=True)))
SCOPE = regex(
    "第[一二三]产业|规模以上|限额以上|相关(?=企业|公司)|现存|存续|在业|新增|新设|注册(?=企业|公司|用户)|备案|上市(?=企业|公司)|重点(?=企业|公司)"
    "|限上|规上|独角兽|专精特新|高新技术|小巨人|核心(?=产业|企业)"
)
"""What limits whom or what a figure counts."""
SEASON = regex(
    "(?:春运|暑运|假期|国庆|五一)首日|春运|暑运|暑期档|国庆档|春节档|元旦档|五一档|暑期|春节|清明|五一|劳动节|端午|中秋|国庆|元旦|假期|小长假|黄金周|双十一|双11|618|寒假|暑假|周末"
)
"""Days that come every year, which no other days are compared with."""
PLANNED = regex("预计|预期|预测|计划|拟|目标|将(?:达|超|突破|增|投|建|发|有|会)|有望|力争|到20[3-9]|规划")
"""What tells that a figure is to come."""
SO_FAR = regex("截至|截止|以来|至今|迄今")
"""What tells that a figure goes on growing."""
SHARE_OF = regex("占(?!地|据)(?:到|了|比)?([^,;。]*)$")
"""Of what a figure is a share."""
POINTING = regex("此次|本次|该|这|此(?!外|前|后)|其(?!中|他|它)|本届|后者|前者|它")
"""What only the text before says."""
RATES = (
    ("day", "日均|每[天日]|单日|一天"),
    ("month", "月均|每月|月(?=产能|销量|销售|营收|收入|产量)"),
    ("year", "年均|每年|年化|年(?=产能|产值|产量|营收|收入|销售)"),
    ("head", "人均|每人"),
    ("each", "每(?!股)[\u4e00-\u9fff]{1,3}|平均"),
)
RATE = regex("|".join(f"(?P<{name}>{written})" for name, written in RATES))
"""For each of what a figure is told."""
SAYING = regex("(?:报道|显示|表示|透露|通报|获悉|了解到?|指出|介绍|消息|称|公告)$|^(?:据|根据|按照)")
"""A clause that only says who says so."""
BASES = (
    ("yoy", regex("同比|[比较]上一?年(?:同期)?|[比较]去年(?:同期)?|[比较]上年同期")),
    ("mom", regex("环比|[比较]上个?月|[比较]上一?季度?")),
)
"""Against what a change is counted."""
RISES = regex("增长|上升|提高|提升|增加|上涨|涨|增至|扩大|增幅|涨幅|增速")
FALLS = regex("下降|减少|降低|下调|下跌|跌|降幅|跌幅|回落|缩短|缩减|下滑")
FLOWS = frozenset(
    GROUP[name]
    for name in """
    社会融资规模增量
    产销量 销量 销售额 产量 产值 增加值 营收 利润 亏损 发电量 用电量 出口 进口 进出口 gdp 旅客 货运量 订单
    投资 固定资产投资 工业增加值
    零售总额 网上零售额 成交量 cpi 核心cpi ppi 利率 优良天数比例 浓度 吞吐量 集装箱吞吐量 流动量 旅客运输量
    周转量 业务量 新接订单量
    完工量 失业率 新增就业 实际使用外资 财政收入 可支配收入 票房 开行 降水量 占比 贡献率 渗透率
    """.split()
)
"""Measures that belong to a stretch of time."""
FIXED = frozenset(
    GROUP[name]
    for name in """
    融资 总投资 发行价 参数 功耗 重量 损失 赔偿 签约 上下文 续航 全长 时速 面积 建筑面积 罚款
    """.split()
)
"""Measures of one thing or event, which time does not change."""
EMPTY = frozenset(
    """
    达到 达 为 是 超过 超 突破 约 约为 近 已 已有 共 有 共有 约有 累计 总计 合计 达成 实现 完成 数据 显示
    统计 公布 宣布 表示 发布 据 其中
    目前 公司 全年 今年 去年 月份 金额 总额 规模 数量 总量 总数 数 量 额 值 总值 全 总 本 该 此 旗下 左右
    以上 以下 将 将近 仅 就 也 还 均 并 且
    和 与 及 的 了 在 至 从 到 由 对 以 于 等 中 上 下 内 增至 升至 降至 增加 增加到 截至 截止 目前为止
    记者 了解 介绍 获悉 根据 报道 消息 通报
    机构 平台 全国 我国 中国 国内 企业查询 同期 同比 环比 比 较 相比 上年 上一年 元 年 月 日 季度 家 个 人
    台 辆 新车 车辆 一次性 单次 满载 计划 现场
    年度 持续 再 创 新高 首次 高达 多达 位居 居 第一 拥有 用 使用 超 可 可达 最高 最低 亿 万 亿元 万元 约占
    现 现有 计 使 让 成为 已经 进入 迈 大关 正式
    今天 昨天 昨日 今日 近日 日前 项目 记录 拟 投后 被判 每股 上市
    """.split()
)
"""Words that say nothing of what is measured, of whom or when."""


NO_NAMES = frozenset(
    """
    大桥 海关 上市 隧道 电站 首都 东方 北斗 高铁 铁路 长城 乘组 航天员 联播 快讯 国内联播快讯 算力
    数据中心
    集群
    单洞 全线
    """.split()
)
"""Words that the dictionary has for names, or not at all, and that name nothing of their own."""
REGIONS = frozenset("京津冀 长三角 珠三角 粤港澳 大湾区 中西部 中部 西部 东部 东北 成渝 长江经济带".split())
"""Parts of the country that the dictionary has for no places."""


SAME_SCOPE = {"规上": "规模以上", "限上": "限额以上"}


def scopes(text: str) -> frozenset[str]:
    """What a normalised text limits a figure by, each in one form."""
    return frozenset(SAME_SCOPE.get(found, found) for found in SCOPE.findall(text))


def rate(text: str) -> str:
    """For each of what a normalised text tells a figure; empty where for no such thing."""
    match = RATE.search(text)
    return match.lastgroup or "" if match else ""


def measures(text: str) -> frozenset[int]:
    """The measures that a normalised text names."""
    return frozenset(measures_in_order(text))


def measures_in_order(text: str) -> tuple[int, ...]:
    """The same in the order of the text."""
    return tuple(GROUP[match.group()] for match in NAME.finditer(text))
