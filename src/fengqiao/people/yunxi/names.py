"""Names that nobody has: put together by chance from common characters, with their pinyin."""

import random
from collections.abc import Iterator
from itertools import product

PLACE_FIRST = (
    "柳 liu,松 song,竹 zhu,梅 mei,兰 lan,桂 gui,枫 feng,荷 he,莲 lian,杏 xing,桃 tao,棠 tang,榆 yu,槐 huai,桐 tong,"
    "菱 ling,芦 lu,茶 cha,鹤 he,鹭 lu,青 qing,白 bai,石 shi,金 jin,新 xin,双 shuang"
)
PLACE_LAST = "塘 tang,桥 qiao,湾 wan,浜 bang,港 gang,墩 dun,坞 wu,畈 fan,埠 bu,渚 zhu,岭 ling,泉 quan,井 jing,园 yuan"
SURNAMES = (
    "王 Wang,李 Li,张 Zhang,刘 Liu,陈 Chen,杨 Yang,赵 Zhao,黄 Huang,周 Zhou,吴 Wu,徐 Xu,孙 Sun,胡 Hu,朱 Zhu,高 Gao,林 Lin,"
    "何 He,郭 Guo,马 Ma,罗 Luo,梁 Liang,宋 Song,郑 Zheng,谢 Xie,韩 Han,唐 Tang,冯 Feng,于 Yu,董 Dong,萧 Xiao,程 Cheng,曹 Cao,"
    "袁 Yuan,邓 Deng,许 Xu,傅 Fu,沈 Shen,曾 Zeng,彭 Peng,吕 Lü,苏 Su,卢 Lu,蒋 Jiang,蔡 Cai,贾 Jia,丁 Ding,魏 Wei,薛 Xue,叶 Ye"
)
GIVEN_FIRST = (
    "明 ming,建 jian,晓 xiao,志 zhi,文 wen,海 hai,国 guo,春 chun,玉 yu,秀 xiu,雪 xue,思 si,佳 jia,子 zi,天 tian,立 li,"
    "永 yong,家 jia,丽 li,美 mei,少 shao,景 jing,若 ruo,亦 yi"
)
GIVEN_LAST = (
    "华 hua,平 ping,军 jun,芳 fang,敏 min,强 qiang,涛 tao,燕 yan,宁 ning,波 bo,琴 qin,刚 gang,慧 hui,峰 feng,红 hong,洁 jie,"
    "亮 liang,梅 mei,鹏 peng,珊 shan,岩 yan,怡 yi,川 chuan,航 hang,月 yue,安 an"
)

TOWNS = (
    ("清溪", "Qingxi"), ("柳浦", "Liupu"), ("云桥", "Yunqiao"), ("松岭", "Songling"), ("荷塘", "Hetang"), ("桂湾", "Guiwan"),
    ("梅渚", "Meizhu"), ("竹坞", "Zhuwu"), ("枫畈", "Fengfan"), ("石泉", "Shiquan"), ("青岚", "Qinglan"), ("杏埠", "Xingbu"),
)  # fmt: skip
"""Twelve towns: the first seven are streets, the others towns."""

STREETS = 7

Name = tuple[str, str]


def _pairs(text: str) -> list[Name]:
    return [(word.split()[0], word.split()[1]) for word in text.split(",")]


def places(chance: random.Random) -> Iterator[Name]:
    """Yield names of villages, none twice."""
    taken = {name for name, _pinyin in TOWNS}
    found = [
        (one + other, (first + last).capitalize())
        for (one, first), (other, last) in product(_pairs(PLACE_FIRST), _pairs(PLACE_LAST))
        if one + other not in taken
    ]
    chance.shuffle(found)
    yield from found


def persons(chance: random.Random) -> Iterator[Name]:
    """Yield names of people without end; two people may bear the same one, as they do."""
    surnames, firsts, lasts = _pairs(SURNAMES), _pairs(GIVEN_FIRST), _pairs(GIVEN_LAST)
    while True:
        (family, family_en), (last, last_en) = chance.choice(surnames), chance.choice(lasts)
        first, first_en = chance.choice(firsts) if chance.random() < 0.75 else ("", "")
        yield family + first + last, f"{family_en} {(first_en + last_en).capitalize()}"
