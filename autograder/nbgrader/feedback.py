"""What a learner reads below each exercise of the marked notebook, as HTML. Everything in it is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from autograder.results import STATUS_WORDS, ExerciseResult, Status, TestResult

_ENVIRONMENT = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)

_COLOURS: dict[Status, str] = {"passed": "#1a7f37", "not_started": "#57606a", "ungraded": "#9a6700"}
_WRONG = "#b42318"

_EXERCISE = _ENVIRONMENT.from_string("""\
<div>
<p><b>{{ result.exercise }}</b>: {{ words[result.status] }}
{%- if tests %}, {{ "%g" | format(result.points) }} of {{ "%g" | format(result.max_points) }} points{% endif %}</p>
{% if result.diagnosis %}
<p><b>{{ result.diagnosis.text }}</b></p>
{% endif %}
{% if tests %}
<table>
{% for test in tests %}
<tr><td style="padding-right: 1em; text-align: left; vertical-align: top; white-space: nowrap; color:
{{- " " + colours.get(test.status, wrong) }}">{{ words[test.status] }}</td><td style="text-align: left">{{ test.feedback }}
{%- if test.diagnosis and test.diagnosis != result.diagnosis %}<br>{{ test.diagnosis.text }}{% endif %}</td></tr>
{% endfor %}
</table>
{% if result.counterexample %}
<p>A call that it answers wrongly, with inputs made to be shown here:</p>
<pre>{{ result.counterexample }}</pre>
{% endif %}
{% else %}
<p>Your instructor has been told, and will look at it.</p>
{% endif %}
</div>
""")

_PROBLEM = _ENVIRONMENT.from_string("""\
<div><p><b>This submission could not be graded.</b></p><p>{{ problem }}</p></div>
""")


def exercise_html(result: ExerciseResult, tests: Sequence[TestResult]) -> str:
    """The outcome of an exercise: points, the diagnosis, and a line for each hidden test."""
    return _EXERCISE.render(result=result, tests=tests, words=STATUS_WORDS, colours=_COLOURS, wrong=_WRONG)


def problem_html(problem: str) -> str:
    """Why the submission as a whole could not be graded."""
    return _PROBLEM.render(problem=problem)
