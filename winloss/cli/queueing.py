"""`winloss jobs`: what was asked for in the web app and waits, runs or has ended; and doing it without a server."""

from __future__ import annotations

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.services.workspace.jobs import Job, JobState

SHOWN = 20


@click.group("jobs", invoke_without_command=True)
@json_option
@click.pass_context
def jobs_command(context: click.Context, *, as_json: bool) -> None:
    """List long work that was asked for in the web app, the latest first.

    \b
    Examples:
      winloss jobs
      winloss jobs cancel JOB_ID
      winloss jobs run
    """
    if context.invoked_subcommand:
        return
    from winloss.services.workspace import jobs

    bench = workbench(context)
    found = jobs.jobs(bench)
    if as_json:
        print_json({"worked_on": jobs.is_worked_on(bench), "jobs": [jobs.job_json(job) for job in found]})
        return
    for job in found[:SHOWN]:
        _print(job)
    waits = sum(job.state is JobState.WAITING for job in found)
    if waits and not jobs.is_worked_on(bench):
        click.echo("Nobody works on what waits: winloss serve does, or winloss jobs run.")


@jobs_command.command("cancel")
@click.argument("job_id")
@click.pass_context
def cancel_command(context: click.Context, job_id: str) -> None:
    """Take back what waits.

    \b
    Example:
      winloss jobs cancel j2kq7x4m5a6b7c8e
    """
    from winloss.services.workspace import jobs

    _print(jobs.cancel(workbench(context), job_id))


@jobs_command.command("again")
@click.argument("job_id")
@click.pass_context
def again_command(context: click.Context, job_id: str) -> None:
    """Let something that failed, was interrupted or cancelled wait once more.

    \b
    Example:
      winloss jobs again j2kq7x4m5a6b7c8e
    """
    from winloss.services.workspace import jobs

    _print(jobs.again(workbench(context), job_id))


@jobs_command.command("run")
@click.pass_context
def run_command(context: click.Context) -> None:
    """Do everything that waits, without a server; where one serves, it does it.

    \b
    Example:
      winloss jobs run
    """
    from winloss.services.workspace import jobs, working

    bench = workbench(context)
    if jobs.is_worked_on(bench):
        click.echo("A server works on what waits already.")
        return
    working.work(bench, told=_print)


def _print(job: Job) -> None:
    click.echo(f"{job.state:<11} {job.kind}: {job.about or '-'}  {click.style(job.id, dim=True)}")
    if job.error:
        click.echo(f"            {job.error}\n            hint: {job.hint}")
