"""A visitor without a browser: it speaks Streamlit's own websocket protocol, so that sixty fit on one machine."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any, Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

FINISHED = ForwardMsg.ScriptFinishedStatus
WHOLE = (FINISHED.FINISHED_SUCCESSFULLY, FINISHED.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
PATIENCE_SECONDS = 120


class Visitor:
    """One session on one page at a time. Widgets are known by their keys."""

    def __init__(self, address: str) -> None:
        self._address = address.replace("http://", "ws://") + "/_stcore/stream"
        self._states: dict[str, dict[str, Any]] = {}
        self._page_hash = ""
        self._let_go = 0
        self.widgets: dict[str, tuple[str, Any, str]] = {}
        """Id, protobuf element and fragment of each widget, by the widget's key."""
        self.exceptions: list[str] = []

    async def __aenter__(self) -> Self:
        """Connect, as the page's script does."""
        self._socket = await websockets.connect(
            self._address, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None
        )
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close the tab."""
        await self._socket.close()

    async def open(self, page: str, query: str = "") -> float:
        """Go to a page; seconds until it is complete."""
        self._states, self.widgets, self._page_hash = {}, {}, ""
        return await self._rerun(page, query=query)

    async def move(self, key: str, value: float) -> float:
        """Let a slider go at this value; seconds until the page is complete."""
        found, _, fragment = self.widgets[key]
        self._states[found] = {"double_array_value": {"data": [value]}}
        return await self._rerun(fragment=fragment)

    async def let_go(self, element: str, key: str, value: float) -> float:
        """Let a control of our own go at this value (interactive_figure); seconds until what follows is complete."""
        self._let_go += 1
        return await self.tell(element, "moved", {"values": {key: value}, "requested": [key], "sequence": self._let_go})

    async def tell(self, element: str, event: str, value: object, **moved: float) -> float:
        """Have an element of our own report an event, with sliders that moved in the same moment, as a browser does."""
        found, _, fragment = self.widgets[element]
        trigger = f"$$STREAMLIT_INTERNAL_KEY_{found}__events"
        for key, place in moved.items():
            self._states[self.widgets[key][0]] = {"double_array_value": {"data": [place]}}
        self._states[trigger] = {"json_trigger_value": json.dumps([{"event": event, "value": value}])}
        try:
            return await self._rerun(fragment=fragment)
        finally:
            del self._states[trigger]

    async def press(self, key: str) -> float:
        """Press a button; seconds until the page is complete."""
        found, _, fragment = self.widgets[key]
        self._states[found] = {"trigger_value": True}
        try:
            return await self._rerun(fragment=fragment)
        finally:
            del self._states[found]

    async def _rerun(self, page: str = "", *, query: str = "", fragment: str = "") -> float:
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        asked.rerun_script.page_script_hash = self._page_hash
        asked.rerun_script.fragment_id = fragment
        asked.rerun_script.widget_states.SetInParent()
        for found, state in self._states.items():
            widget = asked.rerun_script.widget_states.widgets.add(id=found)
            for name, value in state.items():
                if isinstance(value, dict):
                    getattr(widget, name).data.extend(value["data"])
                else:
                    setattr(widget, name, value)
        started = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        await asyncio.wait_for(self._until_finished(), PATIENCE_SECONDS)
        return time.perf_counter() - started

    async def _until_finished(self) -> None:
        while True:
            message = ForwardMsg.FromString(bytes(await self._socket.recv()))
            kind = message.WhichOneof("type")
            if kind == "navigation":  # where app.py's st.navigation went: what the browser asks for from then on
                self._page_hash = message.navigation.page_script_hash
            elif kind == "delta":
                self._note(message.delta)
            elif kind == "script_finished" and message.script_finished in WHOLE:
                return

    def _note(self, delta: Any) -> None:
        kind = delta.new_element.WhichOneof("type")
        element = getattr(delta.new_element, kind) if kind else None
        if kind == "exception":
            self.exceptions.append(element.message)
        elif kind in ("slider", "button", "bidi_component"):
            self.widgets[element.id.rsplit("-", 1)[-1]] = (element.id, element, delta.fragment_id)


async def act_once_a_second(act: Callable[[int], Any], seconds: float, offset: float) -> list[float]:
    """Call `act(number)` about once a second for so long, beginning after `offset`; what each call took."""
    took = []
    await asyncio.sleep(offset)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        spent = await act(len(took))
        took.append(spent)
        await asyncio.sleep(max(0.0, 1.0 - spent))
    return took
