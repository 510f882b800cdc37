"""One training run on a page: start it, follow it, cancel it, and let its network read a drawing."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from nncore import digits, export, networks
from nncore.engine import EngineError, default_engine
from nncore.figures.digits import plot_digit, plot_probabilities
from nncore.figures.history import draw_weights, plot_history
from nncore.inspection import predict
from nncore.jobs import Snapshot, default_jobs
from nncore.models import PRESETS
from nncore.networks import UnknownNetworkError
from nncore.reference import load_run
from nncore.specs import Experiment
from nncore.store import StoreError
from pages.ui import canvas, lesson
from pages.ui.settings import NAMES

REFRESH_SECONDS = 0.5
STATUS = {
    "waiting": "Waiting for a free worker",
    "training": "Training",
    "finished": "Finished",
    "cancelled": "Cancelled",
    "failed": "Failed",
    "interrupted": "Interrupted",
}


def train_and_follow(page: str, experiment: Experiment | None) -> Snapshot | None:
    """The buttons, and below them the page's run as it goes; returns the run as it stands.

    All of it is one fragment, so that Train and Cancel answer at once, without the rest of the page. While a run
    is active the fragment looks again twice a second; when that changes, the whole page runs once more.
    """
    run = _look_up(page, quietly=True)
    active = run is not None and run.active

    @st.fragment(run_every=REFRESH_SECONDS if active else None)
    def room() -> None:
        now = _look_up(page)
        _buttons(page, experiment, now)
        for sentence in st.session_state.pop(f"{page}:problems", []):
            lesson.problem(sentence)
        if now is None:
            _before_training(experiment)
        else:
            _show(now, experiment)
        if active != (now is not None and now.active):
            st.rerun()

    room()
    return run


def _buttons(page: str, experiment: Experiment | None, run: Snapshot | None) -> None:
    active = run is not None and run.active
    with st.container(horizontal=True):
        st.button(
            "Train",
            key="train",
            type="primary",
            icon=":material/play_arrow:",
            disabled=active or experiment is None,
            on_click=_start,
            args=(page, experiment),
        )
        st.button(
            "Cancel",
            key="cancel",
            icon=":material/stop:",
            disabled=not active,
            on_click=_cancel,
            args=(run.run_id if run else "",),
        )


def _run_id(page: str) -> str | None:
    """The run in the link, else the last one of this page in this session, which then goes back into the link."""
    linked, known = st.query_params.get("run"), st.session_state.get(f"{page}:run")
    if linked is None and known is not None:
        st.query_params["run"] = known
    return linked or known


def _look_up(page: str, *, quietly: bool = False) -> Snapshot | None:
    """The page's run; says on the page why there is none where a link names one, unless `quietly`."""
    run_id, run, trouble = _run_id(page), None, ""
    try:
        run = default_jobs().snapshot(run_id) if run_id else None
    except StoreError as error:
        trouble = str(error)
    if run_id and run is None and not trouble:
        trouble = f"No run is known here under the id “{run_id}” that the link names. Press Train for a new one."
    if trouble and not quietly:
        lesson.problem(trouble)
    return run


def _start(page: str, experiment: Experiment) -> None:
    try:
        run_id = default_jobs().submit(experiment)
    except (EngineError, StoreError) as error:
        st.session_state[f"{page}:problems"] = [str(error)]
        return
    st.session_state[f"{page}:run"] = run_id
    st.query_params["run"] = run_id


def _cancel(run_id: str) -> None:
    default_jobs().cancel(run_id)


def _before_training(experiment: Experiment | None) -> None:
    """What there is to see without a run: the parameters, and the stored run if these are a preset's settings."""
    with st.container(key="run_status"):
        st.markdown("Not trained yet: press **Train**.")
    if experiment is None:
        return
    lesson.result("param_count", "Parameters", f"{experiment.network.parameter_count:,}")
    for name, preset in PRESETS.items():
        if (preset.network, preset.training) == (experiment.network, experiment.training):
            stored = load_run(name)
            drawn = plot_history(stored.history, preset.training.epochs)
            lesson.figure("stored_history", drawn, "Accuracy and loss of the stored run against the epoch")
            st.caption(
                f"A stored run with these settings, made on {stored.made} by `{stored.command}` in "
                f"{_duration(stored.seconds)}: test accuracy {100 * stored.test_accuracy:.2f} %, "
                f"{stored.wrong:,} of 10,000 read wrongly."
            )


def _show(run: Snapshot, experiment: Experiment | None) -> None:
    """The run's status, results, curves and first weights, the quick parts first."""
    _show_status(run)
    _show_results(run)
    drawn = plot_history(run.history, run.experiment.training.epochs)
    lesson.figure("history", drawn, "Accuracy and loss against the epoch")
    _show_weights(run)
    if experiment is not None and run.experiment != experiment:
        st.caption("This run was trained with other settings than the controls now show.")


def _show_status(run: Snapshot) -> None:
    done, epochs = len(run.history.get("loss", [])), run.experiment.training.epochs
    words = [STATUS[run.status], f"epoch {done} of {epochs} done"]
    if run.position is not None:
        words[1:] = [f"place {run.position} in the queue"]
    if run.seconds_left is not None:
        words.append(f"about {_duration(run.seconds_left)} left")
    if run.seconds is not None:
        words.append(f"{_duration(run.seconds)} of training")
    with st.container(key="run_status"):
        st.progress(run.progress, " · ".join(words))
        if run.message and run.status == "cancelled":
            st.caption(run.message)
        elif run.message:
            lesson.problem(run.message)


def _show_results(run: Snapshot) -> None:
    last = run.history.get("accuracy", [])
    columns = st.columns(4)
    with columns[0]:
        lesson.result("param_count", "Parameters", f"{run.experiment.network.parameter_count:,}")
    with columns[1]:
        lesson.result("train_accuracy", "Training accuracy", f"{100 * last[-1]:.2f} %" if last else "–")
    with columns[2]:
        known = run.test_accuracy is not None
        lesson.result("test_accuracy", "Test accuracy", f"{100 * (run.test_accuracy or 0):.2f} %" if known else "–")
    with columns[3]:
        label = f"Wrong of {run.tested:,}" if run.tested else "Wrong"
        lesson.result("wrong", label, "–" if run.wrong is None else f"{run.wrong:,}")


def _show_weights(run: Snapshot) -> None:
    if run.weights is None:
        return
    st.image(
        draw_weights(run.weights, zoom=2 if run.weights.ndim == 2 else 8),
        "What the first layer looks for: blue weights are negative, orange ones positive.",
        alt="The first layer's weights as small pictures",
    )
    moved = ", ".join(f"{name} {100 * share:.1f} %" for name, share in run.updates.items())
    st.caption(f"How much the weights changed in the last epoch: {moved}.")


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def draw_and_read(run: Snapshot | None, preset: str) -> None:
    """Draw a digit and see what the page's network makes of it: the trained one, else the stored reference."""
    st.subheader("Draw a digit", anchor=False)
    trained = run is not None and run.status in ("finished", "cancelled")
    if trained:
        st.caption("The network that was trained above reads it.")
    else:
        stored = load_run(preset)
        st.caption(
            f"Until a network is trained here, the stored reference run of this preset reads it: test accuracy "
            f"{100 * stored.test_accuracy:.2f} %, made on {stored.made} by `{stored.command}`."
        )
    _read_drawing(run.run_id if run is not None and trained else preset)


@st.fragment
def _read_drawing(name: str) -> None:
    left, middle, right = st.columns([3, 2, 4], gap="medium")
    with left:
        drawing = canvas.draw_digit()
    try:
        preparation = digits.prepare(drawing) if drawing is not None else None
        answer = (
            default_engine().ask(networks.examine, predict, name, preparation.picture)
            if preparation is not None
            else None
        )
    except (digits.EmptyDrawingError, EngineError, UnknownNetworkError, StoreError) as error:
        lesson.problem(str(error))
        return
    if preparation is None or answer is None:
        with middle:
            st.info("Draw a digit with the mouse or a finger, large and in one go.")
        return
    best = int(answer.argmax())
    with right:  # first what the eye waits for
        lesson.result("prediction", "Read as", f"{best} · {100 * answer[best]:.1f} %")
    with middle:
        lesson.figure("prepared", plot_digit(preparation.picture), "The drawing as the network sees it, 28x28 pixels")
    with right:
        lesson.figure("probabilities", plot_probabilities(answer), "The network's ten outputs")


def summary(experiment: Experiment) -> None:
    """What `model.summary()` prints, with the parameters as arithmetic."""
    st.subheader("The network's layers", anchor=False)
    network = experiment.network
    rows = [
        {
            "Layer": layer.kind,
            "Output shape": " × ".join(str(side) for side in shape),
            "Parameters": f"{part.count:,}",
            "as arithmetic": part.arithmetic.replace("*", "·") if part.count else "nothing to train",
        }
        for layer, shape, part in zip(network.layers, network.shapes(), network.parameters(), strict=True)
    ]
    total = {"Layer": "all", "Output shape": "", "Parameters": f"{network.parameter_count:,}", "as arithmetic": ""}
    st.table(pd.DataFrame([*rows, total]), hide_index=True, alt="The layers with their parameters")


def equation(experiment: Experiment) -> None:
    """The step that training repeats, with the numbers of the screen."""
    spec = experiment.training
    fitted = int(spec.train_size * (1 - spec.validation_split))
    steps = math.ceil(fitted / spec.batch_size)
    rule = r"\frac{\partial C}{\partial w_j}" if spec.optimizer == "sgd" else rf"\text{{{NAMES[spec.optimizer]}}}_j"
    st.latex(rf"w_{{j+1}} = w_j - {spec.learning_rate:g}\,{rule}")
    st.latex(
        rf"\left\lceil\tfrac{{{_tex(fitted)}}}{{{_tex(spec.batch_size)}}}\right\rceil \cdot {spec.epochs} = "
        rf"{_tex(steps)} \cdot {spec.epochs} = {_tex(steps * spec.epochs)}\ \text{{steps}}"
    )


def _tex(number: int) -> str:
    return f"{number:,}".replace(",", "{,}")


def code(experiment: Experiment, file_name: str) -> None:
    """The room "The code" with this experiment as a Keras script."""
    lesson.code(export.to_script(experiment), file_name)
