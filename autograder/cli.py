"""The command `autograder`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from autograder.topics import ROOT, Topic, UnknownTopic, all_topics, find_topic


def topic_argument(name: str) -> Topic:
    """A topic by its folder, its number or its name."""
    try:
        return find_topic(name)
    except UnknownTopic as error:
        raise click.BadParameter(str(error)) from None


@click.group()
@click.version_option(package_name="autograder")
def main() -> None:
    """Deep-learning exercises, graded with hidden tests that never meet the learner's code."""


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a file is stale.")
@click.option("--overwrite-answers", is_flag=True, help="Also write files in which somebody has worked.")
def sync(check: bool, overwrite_answers: bool) -> None:
    """Make the stub modules and notebooks in exercises/ from their sources."""
    from autograder.authoring import SourceError, generated_files

    try:
        stale = [file for file in generated_files(all_topics()) if file.is_stale]
    except SourceError as error:
        raise click.ClickException(str(error)) from None
    if check:
        for file in stale:
            click.echo(f"stale: {file.path.relative_to(ROOT)}")
        if stale:
            raise click.ClickException("run `autograder sync` and commit what it writes")
        click.echo("every generated file is up to date")
        return
    kept = [] if overwrite_answers else [file for file in stale if file.holds_answers]
    for file in stale:
        if file not in kept:
            file.write()
            click.echo(f"wrote {file.path.relative_to(ROOT)}")
    for file in kept:
        click.echo(f"kept  {file.path.relative_to(ROOT)}: somebody has worked in it (--overwrite-answers replaces it)")
    if not stale:
        click.echo("every generated file is up to date")


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--topic", "-t", type=topic_argument, help="The topic of the files, where their names do not say it.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON, one document a line.")
@click.option("--summary", type=click.Path(dir_okay=False, path_type=Path), help="Append a Markdown summary to a file.")
@click.option("--seed", help="The secret seed; by default a new one.")
@click.option("--practice", is_flag=True, help="Require no layer of the sandbox; for your own code only.")
def grade(
    paths: tuple[Path, ...], topic: Topic | None, as_json: bool, summary: Path | None, seed: str | None, practice: bool
) -> None:
    """Grade notebooks or .py files with the hidden tests. A folder means every file in it in which somebody has worked."""
    from autograder.grading.files import grade_files
    from autograder.report import console, markdown_summary, print_result
    from autograder.sandbox.lockdown import REQUIRED_LAYERS

    screen = console()
    results = []
    try:
        for result in grade_files(paths, topic, seed, () if practice else REQUIRED_LAYERS):
            results.append(result)
            if as_json:
                click.echo(json.dumps(result.to_json(), ensure_ascii=False))
            else:
                print_result(result, screen)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if summary:
        with summary.open("a", encoding="utf-8") as file:
            file.write(markdown_summary(results) or "No exercise has been started yet.\n")
    if not results:
        click.echo("nobody has worked in any of these files yet", err=True)
    if any(result.problem for result in results):
        sys.exit(3)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--topics", "-t", type=topic_argument, multiple=True, help="A topic; may be repeated. By default all.")
@click.option("--overwrite-edits", is_flag=True, help="Also write source notebooks that somebody has edited.")
def course(folder: Path, topics: tuple[Topic, ...], overwrite_edits: bool) -> None:
    """Write an nbgrader course into FOLDER, or bring one up to date."""
    from autograder.nbgrader.course import write_course

    files = write_course(folder, topics or all_topics(), overwrite_edits=overwrite_edits)
    for path in files.written:
        click.echo(f"wrote {path}")
    for path in files.kept:
        click.echo(f"kept  {path}: somebody has edited it (--overwrite-edits replaces it)")
    if not files.written and not files.kept:
        click.echo("the course is up to date")


@main.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def nbgrader(arguments: tuple[str, ...]) -> None:
    """Run a command of nbgrader's, such as `autograder nbgrader autograde 01`; it starts in half of nbgrader's own time."""
    from nbgrader.apps.nbgraderapp import main as run

    sys.argv = ["nbgrader", *arguments]
    run()


@main.command()
def doctor() -> None:
    """Show which layers of the sandbox this system has, what each forbids, and how to get a missing one."""
    from autograder.report import console, layers_table
    from autograder.sandbox.client import Zygote
    from autograder.sandbox.lockdown import missing_layers
    from autograder.sandbox.outcomes import SandboxError

    layers: dict[str, str] = {}
    problem = ""
    try:
        with Zygote("numpy") as zygote, zygote.worker() as worker:
            layers = worker.layers
    except SandboxError as error:
        problem = f"no worker can be started: {error}. "
    console().print(layers_table(layers))
    if missing := missing_layers(layers):
        raise click.ClickException(
            f"{problem}Submissions are not graded here: {len(missing)} required layers are missing: {', '.join(missing)}"
        )


@main.command()
@click.argument("folder", default="build/sample-course", type=click.Path(file_okay=False, path_type=Path))
@click.option("--topics", "-t", type=topic_argument, multiple=True, help="A topic; may be repeated. By default all.")
@click.option("--learners", default=36, show_default=True, help="The size of the sample class.")
def demo(folder: Path, topics: tuple[Topic, ...], learners: int) -> None:
    """Build a course in FOLDER, let a sample class hand in, grade it with nbgrader."""
    from autograder.demo import DemoFailed, run_demo
    from autograder.report import console

    try:
        run_demo(folder, topics or all_topics(), learners, console())
    except DemoFailed as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.argument("course", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--output", "-o", default="report.html", show_default=True, type=click.Path(dir_okay=False, path_type=Path)
)
@click.option("--pseudonyms", is_flag=True, help="Rename the learners; what they wrote themselves stays as it is.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def report(course: Path, output: Path, pseudonyms: bool, language: str) -> None:
    """Write the dashboard of COURSE as one HTML file. It holds personal data: only you can read it."""
    from autograder.dashboard.course import Course
    from autograder.dashboard.report_file import write_report
    from autograder.journal import NoJournal

    try:
        write_report(Course.at(course), output, language, pseudonyms)
    except (NoJournal, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"wrote {output}")


@main.command()
@click.argument("topics", nargs=-1, type=topic_argument)
@click.option("--seeds", default=50, show_default=True, help="Under how many seeds each known answer is tried.")
@click.option("--processes", default=os.cpu_count(), show_default=True, help="Topics audited at once.")
@click.option("--write", is_flag=True, help="Write the outcome in short into autograder/README.md.")
def audit(topics: tuple[Topic, ...], seeds: int, processes: int, write: bool) -> None:
    """Prove the hidden suite of TOPICS (by default all): what it accepts, rejects and recognises."""
    from rich.progress import track

    from autograder.audit import audit
    from autograder.authoring import with_section
    from autograder.report import audit_summary, audit_table, console

    screen = console()
    chosen = topics or all_topics()
    done = track(audit(chosen, seeds, processes), "audit", total=len(chosen), console=screen)
    audits = sorted((own for topic in done for own in topic), key=lambda own: own.topic)
    screen.print(audit_table(audits))
    problems = [f"{own.topic} {own.exercise}: {problem}" for own in audits for problem in own.problems]
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems)} problems")
    if write:
        guide = ROOT / "autograder" / "README.md"
        text = with_section(guide.read_text(encoding="utf-8"), "audit", audit_summary(audits))
        guide.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
