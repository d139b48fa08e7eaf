"""Let the traceback module fetch the lines of the hidden tests.

Expect: error
Says: RuntimeError: \[\]
Stopped by: files, namespaces
"""

import linecache


def relu(x):
    raise RuntimeError(str(linecache.getlines(HIDDEN_TEST)[-3:]).replace("\\n", ""))
