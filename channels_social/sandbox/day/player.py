"""Plays the screenplays: a clock of its own, scenes when their minute comes, turns when the company answers or not."""

from __future__ import annotations

import threading
import time
from typing import Any

from channels_social.sandbox.day.script import Scene, Turn, read_script
from channels_social.sandbox.day.stage import Said, act, answer_to, change
from channels_social.sandbox.world import World

TICK_S, DAY = 0.2, 1440
FASTEST = 2000.0


class Player:
    """One day after another; where it stands is kept in the file."""

    def __init__(self, world: World) -> None:
        self.world, self._lock, self._stop = world, threading.RLock(), threading.Event()
        self._thread: threading.Thread | None = None
        self.scenes = {s.key: s for slug in ("frailejon", "alisios") for s in read_script(slug)}
        self._take_up()

    def _take_up(self) -> None:
        kept = self.world.store.setting("day", {})
        self.playing, self.speed = bool(kept.get("playing", False)), float(kept.get("speed", 60))
        self.day, self.minute = int(kept.get("day", 1)), float(kept.get("minute", 0))
        self.said: dict[str, Said] = kept.get("said", {})
        self.waiting: list[dict[str, Any]] = kept.get("waiting", [])

    def start(self) -> None:
        """Start the clock's thread."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread; the day goes on from here next time."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=2)

    def set(self, *, playing: bool | None, speed: float | None, minute: float | None) -> None:
        """Play or pause, another speed, another time of day (scenes before it are left out)."""
        with self._lock:
            self.speed = self.speed if speed is None else max(0.1, min(speed, FASTEST))
            if minute is not None:
                self.minute, self.waiting = max(0.0, min(minute, DAY - 1)), []
                self.said = {s.key: {} for s in self.scenes.values() if s.minute < self.minute}
            self.playing = self.playing if playing is None else playing
            self._keep()

    def reset(self) -> None:
        """Back to the first morning, paused."""
        with self._lock:
            self._take_up()
            self.playing, self.day, self.minute, self.said, self.waiting = False, 1, 0.0, {}, []
            self._keep()

    def shown(self) -> dict[str, Any]:
        """Where the day stands; `minute` of the day."""
        told = {
            "playing": self.playing,
            "speed": self.speed,
            "day": self.day,
            "minute": round(self.minute, 1),
        }
        return told | {"scenes": len(self.scenes), "played": len(self.said), "waiting": len(self.waiting)}

    def _keep(self) -> None:
        kept = {"playing": self.playing, "speed": self.speed, "day": self.day, "minute": self.minute}
        self.world.store.keep("day", kept | {"said": self.said, "waiting": self.waiting})
        self.world.wire.changed()

    def _run(self) -> None:
        last = time.monotonic()
        while not self._stop.wait(TICK_S):
            now = time.monotonic()
            with self._lock:
                if self.playing:
                    self.tick((now - last) * self.speed / 60)
            last = now

    def tick(self, minutes: float) -> None:
        """Let so many minutes of the day pass."""
        self.minute += minutes
        acted = False
        for scene in self.scenes.values():
            if scene.minute <= self.minute and scene.key not in self.said:
                self._play(scene)
                acted = True
        for wait in list(self.waiting):
            acted = self._continue(wait) or acted
        if self.minute >= DAY:
            self.day, self.minute, self.said, self.waiting = self.day + 1, 0.0, {}, []
            acted = True
        if acted:
            self._keep()

    def _play(self, scene: Scene) -> None:
        under = self._scene_at(scene.company, scene.under) if scene.under is not None else None
        with self.world.store.transaction():
            self.said[scene.key] = act(self.world, scene, scene.place, scene.text, under)
        if scene.turns:
            self.waiting.append({"key": scene.key, "since": self.minute, "answered": None, "done": []})

    def _scene_at(self, company: str, minute: int) -> Said | None:
        for scene in self.scenes.values():
            if scene.company == company and scene.minute == minute:
                return self.said.get(scene.key) or None
        return None

    def _continue(self, wait: dict[str, Any]) -> bool:
        """Play the turns of one scene that are due; true when something happened."""
        scene, said = self.scenes.get(wait["key"]), self.said.get(wait["key"])
        if scene is None or not said:
            self.waiting.remove(wait)
            return False
        if wait["answered"] is None and (answer := answer_to(self.world, scene, said)):
            wait["answered"] = {"kind": answer[0], "place": answer[1], "at": self.minute}
        due = [
            (at, t)
            for at, t in enumerate(scene.turns)
            if at not in wait["done"] and self._is_due(scene, t, wait)
        ]
        for at, turn in due:
            self._turn(scene, said, turn, wait)
            wait["done"].append(at)
        if len(wait["done"]) == len(scene.turns) or self.minute > wait["since"] + 600:
            self.waiting.remove(wait)
        return bool(due)

    def _is_due(self, scene: Scene, turn: Turn, wait: dict[str, Any]) -> bool:
        answer = wait["answered"]
        if turn.kind in ("edit", "delete"):
            return self.minute >= wait["since"] + turn.wait
        if turn.kind == "silent":
            return answer is None and self.minute >= wait["since"] + turn.wait
        if answer is None or self.minute < answer["at"] + turn.wait:
            return False
        # Who is led to a private channel and has no line for it says what they would have said anyway.
        private_line = any(t.kind == "private" for t in scene.turns)
        wanted = "private" if answer["kind"] == "private" and private_line else "answered"
        return turn.kind == wanted

    def _turn(self, scene: Scene, said: Said, turn: Turn, wait: dict[str, Any]) -> None:
        with self.world.store.transaction():
            if turn.kind in ("edit", "delete"):
                change(self.world, said, turn)
            else:
                under = wait["answered"]["place"] if wait["answered"] else said
                act(self.world, scene, turn.place, turn.text, under if turn.place == scene.place else None)
