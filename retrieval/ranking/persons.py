"""Names of persons, told by how they are made and by what they stand behind."""

from collections.abc import Iterator

from retrieval.language.tokeniser import places
from retrieval.questions.slots import ROLES
from retrieval.regex import regex

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑"
    "薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席"
    "季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀甄封"
    "储靳段富巫焦巴牧谷车侯全班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹龙叶司韶黎薄印宿白怀蒲鄂索咸籍赖卓屠蒙池乔阴胥能苍双闻莘党翟谭贡劳姬申扶"
    "冉宰雍桑桂牛寿边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满匡国文寇广禄东欧沃利蔚越隆师巩聂晁勾敖融冷"
    "辛阚那简饶曾沙养鞠须丰关查后荆红游竺权盖益桓岳肖闫覃涂"
)
NO_PERSONS = frozenset(
    """
    高达 高清 高通 高昂 高薪 高峰 高德 高斯 高效 高端 高新 高校 高级 高速 高铁 高温 高层 高潮 高歌
    高质量 高水平 高新区 华为 华章 安全 安全性 安全感 安卓 安圭拉 贡献率 宁德 商飞 段时间 文昌 文明 明星
    明显 金融 时代 时尚 万隆 万元 万达 成都 成果 成功 成立 方面 方案 白鹤 全球 全国 关键 常态化 应用
    于民 和平 和谐 平台 平安 康复 项目 项链 水平 谷歌 古巴 马年 马克 温州 温度 连接 连续 容易 曾经 都是
    简单 关注 明确 强大 双方 安装 安排 安心 安静 广泛 国家 国际 国内 国产 党员 向上 从容 富有 富裕 景区
    景点 林火 林业 黄河 黄金 石油 石化 钱塘 牛市 雷达 沙特 沙利文 张家港 乌军 乌方 毛利率 吉瓦
    """.split()
)
"""Words that begin as names do, and that jieba takes for such."""
PERSON_LENGTHS = (2, 3)
AFTER_ROLE = regex(
    rf"(?:{ROLES}|发明[者人]|创[立办始]者|博士|主编|村民|农民|工程师|主持人|总师|烈士|同志)"
    r"((?![和与及])[\u4e00-\u9fff]{2}(?:(?![在说表称介认今等和与是就也将已刚的为对向告从到曾于及们])[\u4e00-\u9fff])?)"
)
"""What stands behind a role is a name, whatever the words were taken for (负责人刘优良)."""
CALLED_AFTER = regex("(?:国际)?机场|大学|学院|中心|奖|大街|广场|体育[馆场]|基金|公司|集团|博物馆|图书馆")
"""What is called after a person (里德国际机场), and is none."""
NO_NAME = regex("[a-z0-9]|[省市县区性率化]$")
"""What no name of a person has, or ends with."""
NAME_PARTS = 4
"""Characters from which a name with a dot is a foreigner's."""


def is_person(name: str) -> bool:
    """Whether a name has the form of a person's: a surname and one or two characters, or parts with dots."""
    if "·" in name or "・" in name:
        return len(name) >= NAME_PARTS and not CALLED_AFTER.search(name)
    return (
        len(name) in PERSON_LENGTHS
        and name[0] in SURNAMES
        and name not in NO_PERSONS
        and not NO_NAME.search(name)
    )


def after_roles(text: str) -> Iterator[str]:
    """What stands behind a role in a normalised text: most of it names, some cut too long."""
    return (match[1] for match in AFTER_ROLE.finditer(text))


def is_called_after(text: str, name: str) -> bool:
    """Whether a name stands in a normalised text only as a part of that of something else."""
    called = [CALLED_AFTER.match(text, at + len(name)) for at in places(text, name)]
    return bool(called) and all(called)
