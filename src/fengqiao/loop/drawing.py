"""A loop drawn as a Mermaid state diagram, from the data and in either language."""

from collections.abc import Iterable
from itertools import groupby

from fengqiao.base.words import Translate, Words
from fengqiao.loop.alphabet import ACTIVE, State
from fengqiao.loop.definition import Loop

# A move that is open nearly everywhere is drawn once, from the frame, or the picture is all arrows.
_EVERYWHERE = 5


def mermaid(loop: Loop, say: Translate = str) -> str:
    """Return the diagram of a loop; `say` translates its words."""
    framed = [state for state in loop.states if state in ACTIVE]
    names = [f'    state "{_said(loop.title_of(state), say)}" as {state}' for state in loop.states if state not in ACTIVE]
    inside = [f'        state "{_said(loop.title_of(state), say)}" as {state}' for state in framed]
    arrows = sorted(_arrows(loop), key=lambda arrow: arrow[:2])
    lines = [
        f"    {source} --> {target} : {' / '.join(_said(title, say) for _from, _to, title in same)}"
        for (source, target), same in groupby(arrows, key=lambda arrow: arrow[:2])
    ]
    return (
        "\n".join(
            [
                "stateDiagram-v2",
                "    direction LR",
                *names,
                "    state open {",
                *inside,
                "    }",
                f"    [*] --> {framed[0]}",
                *lines,
            ]
        )
        + "\n"
    )


def _arrows(loop: Loop) -> Iterable[tuple[str, str, Words]]:
    for move in loop.every_move.values():
        transition, title = move.transition, move.title or move.transition.title
        if transition.target is None or not transition.sources:
            continue
        sources = [state for state in State if state in transition.sources & loop.path.all]
        if len(sources) >= _EVERYWHERE and transition.target not in ACTIVE and set(sources) <= ACTIVE:
            yield "open", str(transition.target), title
            continue
        for source in sources:
            yield str(source), str(transition.target), title


def _said(words: Words, say: Translate) -> str:
    # A colon or quote would end the label; Mermaid has no escape for either.
    return words.say(say).replace(":", "·").replace('"', "”")
