"""A content folder small enough to see through, and to damage in one place at a time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from knowledge.load import content_root

TOPIC = """
[topic]
id = "giay-to"
title = "Giấy tờ"
icon = "📄"
order = 10
"""

LOST = """
[[entry]]
id = "giay-to.mat"
title = "Mất thẻ đọc sách"
label = "Mất thẻ"
phrasings = [
  "mất thẻ đọc sách thì làm sao",
  "làm mất thẻ thư viện",
  "thẻ đọc sách bị rơi mất",
  "không tìm thấy thẻ thư viện",
  "đánh rơi thẻ đọc",
  "thẻ bạn đọc thất lạc",
  "xin lại thẻ thư viện đã mất",
  "báo mất thẻ đọc sách",
  "mất thẻ mượn sách",
  "bị mất cắp thẻ thư viện",
]
keywords = ["mất thẻ", "thất lạc"]
answer = "Bạn báo cho thủ thư, số {{ hotline('thu-vien') }}."
steps = ["Báo mất.", "Nhận thẻ mới."]
unverified = "Giờ trực có thể đã đổi."
related = ["giay-to.gia-han", "1.000001"]
owner = "Thư viện"
verified_on = 2026-11-01
review_by = 2027-01-31

[entry.facets]
fee = "Thẻ mới giá <b>20.000 đồng</b>."

[[entry.sources]]
title = "Nội quy thư viện"
ref = "Điều 4"
date = 2025-01-02
url = "https://example.org/noi-quy?a=1&b=2"
"""

RENEW = """
[[entry]]
id = "giay-to.gia-han"
title = "Gia hạn mượn truyện"
label = "Gia hạn mượn"
phrasings = [
  "gia hạn mượn truyện",
  "kéo dài ngày trả truyện",
  "mượn truyện thêm một tuần",
  "trả truyện muộn hơn được không",
  "xin gia hạn cuốn đang mượn",
  "quá hạn trả truyện tranh",
  "muốn giữ truyện thêm vài hôm",
  "gia hạn qua mạng",
  "đăng ký kéo dài hạn mượn",
  "chưa đọc xong truyện mà hết hạn",
]
answer = "Bạn gia hạn tại <i>trang thư viện</i>, gọi {{ hotline('duong-day') }} khi vướng."
owner = "Thư viện"
verified_on = 2026-11-01
review_by = 2027-01-31

[[entry.sources]]
title = "Nội quy thư viện"
date = 2025-01-02
"""

HOTLINES = """
[style]
verified = "<b>{number}</b>"
unverified = "<b>{number}</b> <i>(chưa xác minh, {date})</i>"

[[number]]
id = "duong-day"
name = "Đường dây nóng"
number = "1900 2222"
dial = "19002222"
purpose = "Hỏi mọi việc"
note = "Tính cước"
verified = false
verified_on = 2024-05-06
review_by = 2027-01-31
source = "Bảng tin"
order = 20

[[number]]
id = "thu-vien"
name = "Thủ thư"
number = "1800 1111"
dial = "18001111"
purpose = "Hỏi về thẻ"
verified = true
verified_on = 2026-11-01
review_by = 2027-01-31
source = "Bảng tin"
order = 10
"""

TALK = """
[[talk]]
id = "chao"
phrasings = ["xin chào", "chào bạn", "hello"]
reply = "Chào bạn, <b>mời</b> bạn hỏi."
"""

SETS = """
[portal]
title = "Cổng thử"
url = "https://example.org"
as_of = 2026-07-31
review_by = 2027-01-31
"""

SPOKEN = """
[[procedure]]
code = "1.000001"
label = "Làm thẻ đọc sách"
phrasings = [
  "xin cấp thẻ thư viện lần đầu",
  "đăng ký làm thẻ đọc",
  "mở thẻ bạn đọc mới",
  "muốn có thẻ thư viện",
  "làm thẻ mượn sách",
]
keywords = ["cấp thẻ"]
same_as = ["1.000002"]
"""

CARD: dict[str, Any] = {
    "code": "1.000001",
    "name": "Cấp thẻ bạn đọc tại thư viện công cộng",
    "field": "Thư viện",
    "agency": "Thư viện xã",
    "levels": ["Cấp xã"],
    "one_stop": True,
    "documents": [{"case": "Trẻ em"}, {"name": "Giấy khai sinh", "copy": 1}, {"name": "Đơn", "original": 1}],
    "methods": [
        {"channel": "online", "time": "3 Ngày làm việc", "fee": "20.000 đồng"},
        {"channel": "desk", "time": "3 Ngày làm việc", "fee": "30.000 đồng", "fee_note": "gồm ảnh"},
    ],
    "result": "Thẻ bạn đọc",
    "legal_basis": ["46/2019/QH14"],
    "url": "https://example.org/1.000001",
    "keywords": "thẻ thư viện",
}
CLUB: dict[str, Any] = {
    "code": "1.000002",
    "name": "Thành lập câu lạc bộ cờ tướng",
    "methods": [{"channel": "desk", "time": "5 Ngày"}],
}
NAMED: dict[str, Any] = {"code": "1.000003", "name": "Giải thể đội múa lân", "name_official": False}


UNITS = """\
id,kind,name,parent,code,valid_from,valid_to,aliases,note
unit:tinh-dong,province,Tỉnh Đông,,,,,,
unit:so-ruong,department,Sở Ruộng,unit:tinh-dong,,,2025-03-01,Sở R;Sở RG,
unit:so-dat,department,Sở Đất,unit:tinh-dong,,2025-03-01,,,
unit:huyen-tren,district,Huyện Trên,unit:tinh-dong,,,2025-07-01,,
unit:xa-mot-huyen-tren,commune,Xã Một,unit:huyen-tren,,,2024-11-01,,
unit:xa-hai-huyen-tren,commune,Xã Hai,unit:huyen-tren,,,2025-07-01,,
unit:xa-mot,commune,Xã Một,unit:tinh-dong,00001,2025-07-01,,,
unit:xa-hai,commune,Xã Hai,unit:tinh-dong,00002,2025-07-01,,,
"""

SUCCESSORS = """\
old,new,part,confidence
unit:so-ruong,unit:so-dat,no,high
unit:xa-mot-huyen-tren,unit:xa-hai-huyen-tren,no,medium
unit:xa-hai-huyen-tren,unit:xa-mot,yes,high
unit:xa-hai-huyen-tren,unit:xa-hai,yes,high
"""

PLAN = """
id = "ke-hoach-1"
number = "1/KH"
date = 2023-10-30
title = "Kế hoạch thử"
source = "Kế hoạch 1, Phụ lục III"
url = ""
as_of = 2023-08-23
due = 2023-12-31
keep = "Giữ nguyên"

[bodies]
department = ["Các sở"]
district = ["Các huyện"]
"""

FIGURES = """\
row,unit,total,online,printed_rate,printed_target,note
I.1,unit:so-ruong,200,100,50%,60%,swapped
II.1,unit:huyen-tren,10,9,90%,Giữ nguyên,
III.1.1,unit:xa-mot-huyen-tren,0,0,0%,80%,
III.1.2,unit:xa-hai-huyen-tren,1000,995,99.5%,Giữ nguyên,
"""

INDICATORS = """
[groups]
I = "Sử dụng"

[[indicator]]
row = "I.1"
name = "Tỷ lệ hồ sơ"
leads = ["Các sở"]
partners = ["Sở Đất"]
measure = "%"
reached = "85"
target = "90"

[[indicator]]
row = "I.1"
sub = "Cấp xã"
measure = "%"
target = "95"
"""

TASKS = """
[groups]
I = "Văn bản"

[[task]]
row = "I.1"
name = "Ban hành văn bản"
leads = ["Sở Ruộng (soạn)"]
partners = ["Các sở", "Các huyện"]
deadline = "Tháng 3/2024"
due = 2024-03-31

[[task]]
row = "I.2"
name = "Hướng dẫn"
leads = ["Các sở"]
deadline = "Năm 2023"
due = 2023-12-31

[[task]]
row = "I.3"
name = "Tuyên truyền"
leads = ["Trung tâm"]
deadline = "Thường xuyên"
"""

ELSEWHERE = """
[[subject]]
id = "thoi-tiet"
phrasings = ["ngày mai có mưa không", "trời nắng hay mưa"]
"""


class SmallContent:
    """The folder at ``root``. Lexicon and weights are the project's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("guidance/giay-to.toml", TOPIC + LOST + RENEW)
        self.write("hotline.toml", HOTLINES)
        self.write("smalltalk.toml", TALK)
        self.write("procedures/sets.toml", SETS)
        self.write("spoken/the.toml", SPOKEN)
        self.procedures("portal", CARD, CLUB, NAMED)
        self.write("units/units-all.csv", UNITS)
        self.write("units/successors.csv", SUCCESSORS)
        self.write("plan/plan.toml", PLAN)
        self.write("plan/appendix-1.toml", INDICATORS)
        self.write("plan/appendix-2.toml", TASKS)
        self.write("plan/appendix-3.csv", FIGURES)
        self.write("usual.toml", "[subjects]\n")
        self.write("elsewhere.toml", ELSEWHERE)
        for shared in (
            "lexicon.toml",
            "dialogue.toml",
            "guards.toml",
            "units/words.toml",
            "plan/words.toml",
            "weights.toml",
        ):
            if (content_root() / shared).exists():
                shutil.copy(content_root() / shared, root / shared)

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace the first ``old``, which must be there."""
        text = (self.root / file).read_text(encoding="utf-8")
        assert old in text
        self.write(file, text.replace(old, new, 1))

    def procedures(self, name: str, *rows: object) -> None:
        lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
        self.write(f"procedures/{name}.jsonl", "\n".join(lines) + "\n")
