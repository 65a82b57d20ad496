"""Which commands there are; each lives in a file of its own."""

import os
import sys

import typer

from touchline.cli import admin, analyse, demo, demo_data, detect, doctor, serve, synthetic

# gRPC reads it when it is first loaded; its notes about threads and forks mean nothing to a coach.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")

app = typer.Typer(
    name="touchline",
    help="Match analysis and team platform that a football coach owns: a match video goes in, a watched analysis comes"
    " out.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("up")(serve.up)
app.command("demo")(demo.demo)
app.command("demo-data")(demo_data.demo_data)
app.command("analyse")(analyse.analyse)
app.command("detect")(detect.detect)
app.command("synthetic")(synthetic.synthetic)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("engine")(serve.engine)
app.command("doctor")(doctor.doctor)
app.add_typer(admin.db_app, name="db")
app.add_typer(admin.keys_app, name="keys")
app.add_typer(admin.user_app, name="user")


@app.callback()
def _touchline() -> None:
    # Warnings of libraries are for developers; `python -W` or PYTHONWARNINGS brings them back.
    if not sys.warnoptions and "PYTHONWARNINGS" not in os.environ:
        import warnings

        warnings.simplefilter("ignore")
