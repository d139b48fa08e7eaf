"""The command `autograder`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.topics import Topic, UnknownTopic, all_topics, find_topic


class TopicArgument(click.ParamType):
    """A topic by its folder, its number or its name."""

    name = "topic"

    def convert(self, value: str | Topic, param: click.Parameter | None, ctx: click.Context | None) -> Topic:
        try:
            return value if isinstance(value, Topic) else find_topic(value)
        except UnknownTopic as error:
            self.fail(str(error), param, ctx)


@click.group()
@click.version_option(package_name="autograder")
def main() -> None:
    """Deep-learning exercises, graded with hidden tests that never meet the learner's code."""


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--topics", "-t", type=TopicArgument(), multiple=True, help="A topic; may be repeated. By default all.")
def course(folder: Path, topics: tuple[Topic, ...]) -> None:
    """Write an nbgrader course into FOLDER."""
    from autograder.nbgrader.course import write_course

    for path in write_course(folder, topics or all_topics()):
        click.echo(f"wrote {path}")


if __name__ == "__main__":
    sys.exit(main())
