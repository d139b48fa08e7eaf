"""End the process in more cells than are tried.

Expect: error
Says: ended its own process
"""

# %%
import os

os._exit(0)

# %%
import os

os._exit(0)

# %%
import os

os._exit(0)

# %%
import os

os._exit(0)

# %%
import os

os._exit(0)
