"""Service requests of Los Angeles: accepted, sent to the unit that owned them, closed, cancelled or referred when they really were."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.exchange.imports.districts import set_up_drawn
from fengqiao.across.exchange.imports.rows import form, moment, read
from fengqiao.across.exchange.imports.tally import Tally, carry
from fengqiao.across.exchange.imports.ways import Hands
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import _
from fengqiao.cases import schemas
from fengqiao.cases.bulk import Journey, Onward
from fengqiao.cases.terms import Outcome
from fengqiao.people import queries as people

NEEDED = (
    "SRNumber", "CreatedDate", "ClosedDate", "Owner", "RequestType", "Status", "RequestSource", "Address", "Latitude", "Longitude",
)  # fmt: skip
FORMS = ("%m/%d/%Y %I:%M:%S %p",)
CODE, NAME, ZONE = "990902", "Los Angeles", "America/Los_Angeles"
UNITS = {
    "BOS": "Bureau of Sanitation", "OCB": "Office of Community Beautification", "ITA": "Information Technology Agency",
    "BSL": "Bureau of Street Lighting", "LADWP": "Department of Water and Power",
}  # fmt: skip
KINDS = {
    "Bulky Items": "0503", "Metal/Household Appliances": "0503", "Electronic Waste": "0503", "Dead Animal Removal": "0503",
    "Graffiti Removal": "0507", "Illegal Dumping Pickup": "0606", "Homeless Encampment": "1004", "Single Streetlight Issue": "0505",
    "Multiple Streetlight Issue": "0505", "Report Water Waste": "1005",
}  # fmt: skip
OTHER = "0608"
FOLLOW_UP = timedelta(days=30)


class ClosedBefore(Invalid):
    """The times of a row contradict each other."""

    message = _("It was closed before it was reported.")


class UnknownUnit(Invalid):
    """Nobody knows who handled it."""

    message = _("There is no unit called “{owner}”.")


class Recorded(schemas.Evidence):
    """A result whose evidence is the record it was taken from."""

    documents: list[str]


def bring_in(file: Path, outlines: Path, at: datetime, limit: int = 0) -> Tally:
    """Carry a file of service requests round the loop, at their real times and places."""
    act = machine_act("import", at)
    with acting(act):
        set_up_drawn(outlines, CODE, NAME, ZONE, at, UNITS)
    with acting(act):
        tally, way = Tally(), Way()
    carry(act, way.journeys(file, tally, limit), tally)
    return tally


class Way:
    """From a row to a journey."""

    def __init__(self) -> None:
        self.hands, self.zone = Hands(), people.zone()
        self.unlocated = people.unlocated().id
        self.units = {short: people.organisation_by_code(short).id for short in UNITS}

    def journeys(self, file: Path, tally: Tally, limit: int) -> Iterator[tuple[int, Journey]]:
        """Yield every row that can be read, and count all."""
        for number, row in read(file, NEEDED, limit):
            tally.rows += 1
            try:
                yield number, self.journey(row, tally)
            except FengqiaoError as error:
                tally.refuse(number, error)

    def journey(self, row: dict[str, str], tally: Tally) -> Journey:
        """Return one request's way."""
        created = moment(row["CreatedDate"], FORMS, self.zone)
        closed = moment(row["ClosedDate"], FORMS, self.zone) if row["ClosedDate"] else None
        if closed is not None and closed < created:
            raise ClosedBefore(fields={"ClosedDate": str(ClosedBefore.message)})
        if row["Owner"] not in self.units:
            raise UnknownUnit(fields={"Owner": UnknownUnit(owner=row["Owner"]).say()})
        place, category = _place(row), KINDS.get(row["RequestType"], OTHER)
        located = place is not None and people.locate(place.lon, place.lat) is not None
        report = form(
            schemas.Report, title=row["RequestType"][:200], text=f"{row['RequestType']} ({row['RequestSource']})", place=place,
            address=row["Address"][:200], area=CODE, category=category,
        )  # fmt: skip
        onward = [*self._sent_out(row, created, category, located)]
        if closed is not None:
            onward += self._ended(row, closed)
            tally.answered(created, closed)
        tally.counts[f"status {row['Status']}"] += 1
        tally.counts["in a council's area" if located else "without a place: at the desk for what has no place"] += 1
        return Journey(self.hands.opening("la311", row["SRNumber"].strip(), created), "incident", report, onward=tuple(onward))

    def _sent_out(self, row: dict[str, str], at: datetime, category: str, located: bool) -> Iterator[Onward]:
        owner = self.units[row["Owner"]]
        to = schemas.Assign(lead=owner) if located else schemas.Assign(lead=self.unlocated, assisting=[owner])
        yield self.hands.onward("accept", at, schemas.Note())
        yield self.hands.onward("triage", at, schemas.Triage(category=category))
        yield self.hands.onward("assign", at, to)
        yield self.hands.onward("sign", at, schemas.Note())
        yield self.hands.onward("start", at, schemas.Start(contact="written"))

    def _ended(self, row: dict[str, str], at: datetime) -> list[Onward]:
        match row["Status"]:
            case "Cancelled":
                return [self.hands.onward("withdraw", at, schemas.Reason(reason="Cancelled"))]
            case "Referred Out":
                return [self.hands.onward("transfer", at, schemas.Transfer(body="Referred out", follow_up_on=at + FOLLOW_UP))]
            case "Closed":
                told = f"Closed by {UNITS[row['Owner']]}"
                done = Recorded(outcome=Outcome.FIXED, text=told, documents=[f"LA 311 {row['SRNumber']}"])
                checked = schemas.VerifyPass(note="Closed in the record of the city")
                return [
                    self.hands.onward("feed_back", at, done), self.hands.onward("verify_pass", at, checked),
                    self.hands.onward("close", at, schemas.Close(message=told)),
                ]  # fmt: skip
        return []


def _place(row: dict[str, str]) -> schemas.Place | None:
    if not row["Latitude"] or not row["Longitude"]:
        return None
    try:
        return form(schemas.Place, lon=float(row["Longitude"]), lat=float(row["Latitude"]))
    except ValueError:
        return None
