"""Citizens' messages to an authority, with its replies where they are known: asked, passed on, answered, confirmed, closed."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.exchange.imports.districts import set_up_plain
from fengqiao.across.exchange.imports.rows import form, moment, read
from fengqiao.across.exchange.imports.tally import Tally, carry
from fengqiao.across.exchange.imports.ways import Hands
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import _
from fengqiao.cases import schemas
from fengqiao.cases.bulk import Journey, Onward
from fengqiao.cases.terms import Outcome
from fengqiao.people import queries as people

ID, USER, TITLE, ASKED_AT, TEXT, REPLY, REPLIED_AT = "留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"
LIKES, DISLIKES = "点赞数", "反对数"
NEEDED = (ID, USER, TITLE, ASKED_AT, TEXT)
FORMS = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")
CODE, NAME, NAME_EN = "990901", "留言导入区", "District of imported messages"
QUESTION, SUGGESTION = "1001", "1008"
ASKING = ("咨询", "请问", "如何", "怎么", "怎样", "吗", "？", "?")


class RepliedBefore(Invalid):
    """The times of a row contradict each other."""

    message = _("The reply is older than the message.")


def bring_in(file: Path, at: datetime, limit: int = 0) -> Tally:
    """Carry a file of messages round the loop, at their real times."""
    act = machine_act("import", at)
    with acting(act):
        set_up_plain(CODE, NAME, NAME_EN, "Asia/Shanghai", at)
    with acting(act):
        desk = people.unlocated().id
        tally, way = Tally(), Way(desk)
    carry(act, way.journeys(file, tally, limit), tally)
    return tally


class Way:
    """From a row to a journey."""

    def __init__(self, desk: str) -> None:
        self.hands, self.zone = Hands(), people.zone()
        self.first = (
            ("accept", schemas.Note()),
            ("triage", None),
            ("assign", schemas.Assign(lead=desk)),
            ("sign", schemas.Note()),
            ("start", schemas.Start(contact="written")),
        )
        self.last = (("verify_pass", schemas.VerifyPass(note="导入：答复已公开")), ("close", schemas.Close()))

    def journeys(self, file: Path, tally: Tally, limit: int) -> Iterator[tuple[int, Journey]]:
        """Yield every row that can be read, and count all."""
        for number, row in read(file, NEEDED, limit):
            tally.rows += 1
            try:
                yield number, self.journey(row, tally)
            except FengqiaoError as error:
                tally.refuse(number, error)

    def journey(self, row: dict[str, str], tally: Tally) -> Journey:
        """Return one message's way."""
        asked_at = moment(row[ASKED_AT], FORMS, self.zone)
        text = "\n".join(line.strip() for line in row[TEXT].splitlines() if line.strip())
        report = form(
            schemas.Report, title=row[TITLE].strip()[:200], text=text or row[TITLE], area=CODE, name=row[USER][:60], category=_kind(row)
        )
        reply = row.get(REPLY, "").strip()
        onward = [*self._passed_on(row, asked_at, bool(reply))]
        if reply:
            onward += self._answered(row, asked_at, reply)
            tally.answered(asked_at, onward[-1].act.at)
        tally.counts["replied" if reply else "waiting for a reply"] += 1
        return Journey(self.hands.opening("message", row[ID].strip(), asked_at), "qr_suggest", report, onward=tuple(onward))

    def _passed_on(self, row: dict[str, str], at: datetime, started: bool) -> Iterator[Onward]:
        for move, asked in self.first if started else self.first[:-1]:
            yield self.hands.onward(move, at, asked or schemas.Triage(category=_kind(row)))
        likes, dislikes = row.get(LIKES, "0"), row.get(DISLIKES, "0")
        if (likes, dislikes) != ("0", "0"):
            yield self.hands.onward("note", at, schemas.Remark(text=f"网友点赞 {likes}，反对 {dislikes}"))

    def _answered(self, row: dict[str, str], asked_at: datetime, reply: str) -> list[Onward]:
        at = moment(row[REPLIED_AT], FORMS, self.zone)
        if at < asked_at:
            raise RepliedBefore(fields={"time": str(RepliedBefore.message)})
        answer = form(schemas.Evidence, outcome=Outcome.ANSWERED, text=reply)
        return [self.hands.onward("feed_back", at, answer), *(self.hands.onward(move, at, asked) for move, asked in self.last)]


def _kind(row: dict[str, str]) -> str:
    return QUESTION if any(word in row[TITLE] for word in ASKING) else SUGGESTION
