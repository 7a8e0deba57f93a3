"""What extraction leaves of a page around its text: links to more, credits of the desk, calls to follow us.

A piece of a text is boilerplate as a whole or not at all: a sentence that only speaks of scanning or
contributing is news.
"""

from retrieval.regex import regex

DECORATION = r"[^\w©]*"
"""Marks, emoji and quotation marks around the words."""
POINTER = (
    r"(?:查看|点击|點擊|阅读|閱讀|参考|參考|相关|相關|更多|详情|詳情|详见|詳見|全文|原文|此处|這裡|请戳|请看|请见|請見|链接|鏈接|連結|地址|网址|網址|"
    r"主页|主頁|资料|資料|文献|文獻|论文|論文|项目|項目|模型|代码|代碼|技术报告|技術報告|信息|內容|内容|官网|"
    r"GitHub|github|Github|Demo|demo|arXiv|Hugging ?Face|Link|link|[^\w。！？])"
)
DESK = (
    r"(?:责任编辑|責任編輯|责编|責編|编辑|編輯|作者|撰文|撰稿|文|校对|校對|审核|審核|监制|監製|排版|编译|編譯|原标题|原標題|来源|來源|"
    r"稿源|转自|轉自|整理|本文来源|文章来源|本文來源)"
)
FORMS = (
    rf"{POINTER}+",
    rf"{DESK}\s*[:：丨|｜/／]\s*[^。！？，]{{1,24}}",
    r"(?:请|請)?(?:扫码|掃碼|扫描|掃描|扫一扫|掃一掃|长按|長按|识别|識別).{0,12}(?:二维码|二維碼|群|关注|關注|报名|咨询|添加).{0,30}",
    r"(?:往期|推荐|推薦|延伸|相关|相關|精彩|热门|熱門)(?:推荐|推薦|回顾|回顧|阅读|閱讀|文章|内容|精选)",
    r"(?:欢迎|歡迎)?(?:投稿|供稿|爆料)(?:请|請|邮箱|郵箱|邮件|方式|发|發|至|到|内容|、).{0,40}|.{1,16}\s投稿",
    r"(?:欢迎|歡迎|请|請|点击|點擊|点这里|點這裡|记得|喜欢).{0,16}(?:关注|關注|标星|星标|点赞|點讚|转发|收藏|在看|订阅|訂閱|报名).{0,20}",
    r"(?:关注|關注)(?:我们|我們|公众号|本号).{0,30}|(?:一键三连|一鍵三連|点个|點個).{0,24}",
    r"(?:商务|广告|活动|媒体|内容|商務|廣告)合作(?:请|請|联系|联络|聯繫|微信).{0,40}",
    r".{0,12}(?:读者群|讀者群|交流群|微信群|粉丝群)(?:[，,：:].{0,40})?",
    r"(?:本文|文章|内容|图片|圖片).{0,12}(?:授权|不代表|侵删|仅供参考|观点仅).{0,40}|(?:未经|未經).{0,8}(?:授权|授權|许可|許可).{0,24}",
    r"(?:完|全文完|未完待续|未完待續|END|End|The End|©.{0,40}|版权所有.{0,40}|版權所有.{0,40})",
    r"\S{1,8}(?:\s\S{1,8})?\s(?:发自|發自)\s\S{1,12}|\S{1,12}\s*[|｜丨]\s*(?:公众号|公眾號)(?:\s*\S{1,20})?",
)
BOILERPLATE = regex(rf"{DECORATION}(?:{'|'.join(FORMS)}){DECORATION}")
WEB_ADDRESS = regex(r"\W*(?:(?:https?://|www\.)[!-~]+|[\w.+-]+@[\w-]+\.[\w.]+)\s*\W*")
WORD = regex(r"\w")


def is_boilerplate(text: str, *, is_line: bool) -> bool:
    """Whether a piece of a text is no part of what it tells.

    Args:
        text: the piece.
        is_line: whether it is a paragraph of its own; in one, an address may be what is told.
    """
    if is_line and WEB_ADDRESS.fullmatch(text):
        return True
    return BOILERPLATE.fullmatch(text) is not None and WORD.search(text) is not None
