"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "multi_head_attention": {
        'if features % num_heads: / raise ValueError(f"num_heads must divide the {features} features of x, '
        'got {num_heads}") -> pass': "the reshape then raises ValueError, with a message that does not name the argument",
    },
}
