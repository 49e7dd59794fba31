"""Which indicators mediation offers (handbook B12): on which level disputes end. A case that climbed counts at its last level."""

from fengqiao.base.words import _
from fengqiao.cases.figures import Figure

FIGURES = (
    Figure(
        "dispute_village_share", _("Disputes ended in the village"),
        _("Disputes closed by a village, of all closed; the pattern asks for 60%"),
        "closed_in_village", "closed", ("mediation",),
    ),
    Figure(
        "dispute_town_share", _("Disputes ended in town or village"),
        _("Disputes closed by a town or a village, of all closed; the pattern asks for 90%"), "closed_in_town", "closed", ("mediation",),
    ),
)  # fmt: skip
