"""Carrying a judged step over to the case: state, counts, doers, clocks, event, outbox.

Whoever locked a case (a move, a side request, the ladder) changes it through ``advance`` and ``record`` and ends with
``finish``; all three only collect rows, and one statement writes them.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.ids import new_id
from fengqiao.cases import effects, limits, policies, reference, registry, retention, sealing
from fengqiao.cases.ledger import CASE, REQUEST, Batch, chained, write
from fengqiao.cases.models import Case, Reporter, SideRequest
from fengqiao.cases.policies import SEALED
from fengqiao.kits.files import services as files
from fengqiao.loop import engine
from fengqiao.loop.alphabet import ENDINGS, state_of
from fengqiao.loop.definition import Loop
from fengqiao.loop.engine import Doer, Standing, Step
from fengqiao.people import queries as people

VEIL = "sealed"  # the one key of a row's facts that are ciphertext
Clocks = dict[tuple[str, str], limits.Running]


def advance(act: Act, case: Case, name: str, said: Mapping[str, Any], batch: Batch, clocks: Clocks) -> None:
    """Make a move, or a declared chain of moves, on a locked case."""
    loop = loop_of(case)
    chain = loop.chain(name)
    moves = chain.moves if chain else (name,)
    told = effects.facts(act, case, moves, said)
    where = standing(case)
    if "extend" in moves:
        limits.check_extension(case, said, clocks, act.at)
    if "merge" in moves:
        where = replace(where, master_conf=effects.master_of(case, said).confidentiality)
    by = doer(act, case)
    if chain:
        steps = engine.chain(loop, where, name, by=by, at=act.at, asked=told)
    else:
        steps = (engine.decide(loop, where, name, by=by, at=act.at, asked=told),)
    for step in steps:
        apply(act, case, step, told, said, batch, clocks)


def bound(act: Act, case: Case, said: dict[str, Any], batch: Batch) -> dict[str, Any]:
    """Bind the files that a form names to the case; the event keeps their names and hashes instead of bare ids.

    Of a sealed case the files are sealed as they are bound, and the hash is that of the ciphertext.
    """
    for name in ("files", "photos"):
        if said.get(name):
            said = {**said, name: files.bind(act, said[name], case.id)}
    brought = [file for name in ("files", "photos") for file in said.get(name) or ()]
    if brought and case.confidentiality >= SEALED:
        told = files.seal(case.id, data_key(case, batch), act.at)
        for file in brought:
            file["sha256"] = told.get(file["id"], file["sha256"])
    return said


def apply(act: Act, case: Case, step: Step, told: Mapping[str, Any], said: Mapping[str, Any], batch: Batch, clocks: Clocks) -> None:
    """Carry one step over to the case and note it."""
    before, was = case.state, case.confidentiality
    case.state = step.target
    for name, value in step.changes.items():
        setattr(case, name, _stored(name, value))
    if step.move in loop_of(case).remembered:
        doers = dict(case.doers)
        doers[step.move] = [*doers.get(step.move, ()), [step.by.person, step.by.org]]
        case.doers = doers
    if before != case.state:
        case.held_since = act.at
    effects.AFTER.get(step.move, _nothing)(act, case, said, batch)
    if before != case.state and step.target in ENDINGS:
        effects.end_requests(act, case, batch)
    batch.requests = [{**one, "asked": veiled(case, batch, one["asked"])} for one in batch.requests]
    calendar = people.calendar()
    changed = [running.row(case, calendar) for running in limits.follow(case, clocks, step.clocks, act.at, told)]
    fresh = {(row["name"], row["org"]) for row in changed}
    batch.clocks = [row for row in batch.clocks if (row["name"], row["org"]) not in fresh] + changed
    if before and was < SEALED <= case.confidentiality:
        said = _under_seal(act, case, said, batch)
    if before and was != case.confidentiality:
        batch.search = [row for row in batch.search if row["case_id"] != case.id] + [effects.searchable(case)]
    doing = replace(act, actor=_machine(step.by)) if step.by.machine and not act.actor.is_house else act
    record(doing, case, step.move, said, batch, source=before or "")


def _under_seal(act: Act, case: Case, said: Mapping[str, Any], batch: Batch) -> dict[str, Any]:
    """Take what was said openly so far along into the sealed event; the open words are erased as it is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT event_id, body FROM case_payload WHERE case_id = %s AND body IS NOT NULL AND NOT sealed", [case.id])
        openly = {event: msgspec.json.decode(bytes(body)) for event, body in cursor.fetchall()}
    case.resealed, case.title, case.text, case.address, case.suggestion = tuple(openly), "", "", "", None
    for one in SideRequest.objects.filter(case_id=case.id).values(*REQUEST):
        answer = veiled(case, batch, one["answer"]) if one["answer"] else None
        batch.requests.append({**one, "asked": veiled(case, batch, one["asked"]), "answer": answer})
    told = Reporter.objects.filter(case_id=case.id).values("name", "phone").first()
    hashes = files.seal(case.id, data_key(case, batch), act.at)
    if hashes:
        said = {**said, "files_sealed": hashes}
    return {**said, "before": {str(event): words for event, words in openly.items()}, "reporter": told or {}}


def _machine(by: Doer) -> Actor:
    return Actor(kind=ActorKind.MACHINE, id=by.person)


def _nothing(act: Act, case: Case, said: Mapping[str, Any], batch: Batch) -> None:
    """Most moves change nothing beyond what the engine says."""


def _stored(name: str, value: Any) -> Any:
    if name == "lead":
        return UUID(value) if value else None
    if name == "assisting":
        return [UUID(org) for org in sorted(value)]
    return int(value) if name == "confidentiality" else value


def record(act: Act, case: Case, move: str, said: Mapping[str, Any], batch: Batch, *, source: str | None = None) -> UUID:
    """Append one event to the case's chain and to the outbox; returns the event's id."""
    actor = act.actor
    facts: dict[str, Any] = {
        "id": new_id(), "case_id": case.id, "seq": case.last_seq + 1, "act_id": act.id, "at": act.at,
        "occurred_at": act.occurred_at, "actor_kind": str(actor.kind), "actor": actor.id, "post": actor.post,
        "org": actor.org or None, "move": move, "source": str(case.state) if source is None else source,
        "target": str(case.state),
    }  # fmt: skip
    seal = sealing.sealer(data_key(case, batch), case.id) if case.confidentiality >= SEALED else None
    event, payload = chained(bytes(case.last_hash), facts, said, seal)
    case.last_seq, case.last_hash = facts["seq"], bytes.fromhex(event["hash"])
    batch.events.append(event)
    batch.payloads.append(payload)
    # Webhooks carry the area out of the house: of a confidential case no more of it than a list shows.
    area = case.area if case.confidentiality < 2 else case.area[:9]
    batch.outbox.append(
        {"id": facts["id"], "at": act.at, "topic": f"{case.kind}.{move}", "case_id": case.id, "event_id": facts["id"], "area": area}
    )
    event_id: UUID = facts["id"]
    return event_id


def finish(case: Case, batch: Batch, *, opened: bool = False) -> None:
    """Write everything that was collected for a case."""
    if opened:
        batch.opened.append(row(case))
    else:
        case.version += 1
        batch.moved.append(row(case))
    write(batch)
    if case.resealed:
        retention.erase(case.resealed, "taken under seal", case.held_since)
        retention.veil_reporter(case.id)


def data_key(case: Case, batch: Batch) -> bytes:
    """Return the data key of a sealed case, making it on first use."""
    key: bytes | None = case.data_key
    if key is None:
        wrapped = wrapped_key(case.id)
        if wrapped is not None:
            key = sealing.opened_key(case.compartment, wrapped)
        else:
            key, fresh = sealing.fresh_key(case.compartment)
            batch.keys.append({"case_id": case.id, "compartment": case.compartment, "wrapped": fresh.hex()})
        case.data_key = key
    return key


def held_key(case: Case) -> bytes:
    """Return the data key of a sealed case for reading; raises ``sealing.Erased`` when it was destroyed."""
    if case.data_key is None:
        case.data_key = sealing.opened_key(case.compartment, wrapped_key(case.id))
    return case.data_key


def veiled(case: Case, batch: Batch, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what stands in a row beside the ledger: as it is, or in a sealed case as ciphertext."""
    if case.confidentiality < SEALED or VEIL in facts:
        return facts
    body = sealing.sealer(data_key(case, batch), case.id)(msgspec.json.encode(facts, enc_hook=str))
    return {VEIL: b64encode(body).decode("ascii")}


def unveiled(case: Case, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was said in a row beside the ledger; nothing when its key was destroyed."""
    if VEIL not in facts:
        return dict(facts)
    try:
        plain: dict[str, Any] = msgspec.json.decode(sealing.unseal(held_key(case), case.id, b64decode(facts[VEIL])))
    except sealing.Erased:
        return {}
    return plain


def wrapped_key(case_id: UUID) -> bytes | None:
    """Return the wrapped data key of a case, if it has one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wrapped FROM case_key WHERE case_id = %s", [case_id])
        found = cursor.fetchone()
    return bytes(found[0]) if found else None


def row(case: Case) -> dict[str, Any]:
    """Return the columns of a case as the ledger writes them."""
    columns = {name: getattr(case, name) for name in CASE}
    columns["last_hash"] = bytes(case.last_hash).hex()
    return columns


def loop_of(case: Case) -> Loop:
    """Return the loop under which a case began."""
    return registry.loop(case.kind, case.loop_version)


def doer(act: Act, case: Case | None = None) -> Doer:
    """Return who makes the move; whoever holds the receipt is the reporter, with or without an account."""
    if case is not None and case.reporter and policies.is_reporter(act.actor, case):
        return Doer(case.reporter, act.actor.org)
    return Doer.of(act.actor)


def standing(case: Case) -> Standing:
    """Say where a case stands, in the engine's terms."""
    category = reference.categories().get(case.category)
    return Standing(
        state=state_of(case.state) if case.state else None, sla=case.sla, confidentiality=case.confidentiality,
        level=case.level, objections=case.objections, reworks=case.reworks, reopens=case.reopens, extensions=case.extensions,
        spot_ok=bool(category and category.spot_ok), physical=bool(category and category.physical), channel=case.channel,
        public_danger=case.public_danger, lead=str(case.lead or ""), assisting=frozenset(map(str, case.assisting)),
        reporter=case.reporter, doers={move: tuple(Doer(*each) for each in doers) for move, doers in case.doers.items()},
        pending=frozenset(case.pending), required_children_open=case.children_open, closed_at=case.closed_at,
        rating=case.rating, resume_on=case.resume_on, category=case.category, zone=people.calendar().zone,
    )  # fmt: skip
