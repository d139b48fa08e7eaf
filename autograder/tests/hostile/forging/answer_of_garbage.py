"""Write a megabyte of garbage on the channel.

Expect: error
Says: wrote into the grader's channel
"""

import os
import random


def relu(x):
    os.write(3, random.Random(0).randbytes(1 << 20))
