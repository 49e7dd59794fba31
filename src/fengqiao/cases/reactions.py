"""What cases do when another case has ended or gone on."""

from fengqiao.cases.continuing import take_up
from fengqiao.cases.family import part_ended

ENDING_MOVES = ("close", "reject", "merge", "transfer", "withdraw", "reopen")
REACTIONS = {**{f"*.{move}": [part_ended] for move in ENDING_MOVES}, "*.answer_appeal": [take_up]}
