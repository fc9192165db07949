"""Right and wrong answers to all exercises, by their checkers."""

import exercise_answers_attention as attention
import exercise_answers_block as block
import exercise_answers_feed_forward as feed_forward
import exercise_answers_induction_heads as induction_heads
import exercise_answers_multi_head_attention as multihead
import exercise_answers_positions as positions
import exercise_answers_xor as xor

ANSWERED = (xor, attention, multihead, positions, feed_forward, block, induction_heads)
RIGHT = {check: answers for one in ANSWERED for check, answers in one.RIGHT.items()}
WRONG = {check: answers for one in ANSWERED for check, answers in one.WRONG.items()}
