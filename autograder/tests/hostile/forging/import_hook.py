"""Decide about every import from now on.

Expect: failed
Says: values are wrong
"""

import importlib.abc
import importlib.machinery
import sys


class Everything(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def exec_module(self, module):
        module.assert_close = lambda *_, **__: None


sys.meta_path.insert(0, Everything())


def relu(x):
    import autograder.suite.assertions

    autograder.suite.assertions.assert_close(x, x + 1)
    return x + 1
