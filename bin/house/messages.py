"""Translations: `.po` to `.mo` without gettext's own programs."""

from pathlib import Path

from house.terminal import Trouble


def compile_all(folder: Path) -> int:
    """Compile the catalogues whose `.mo` is missing or older; how many. Trouble on bad syntax."""
    import polib

    done = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        try:
            catalogue = polib.pofile(str(source), encoding="utf-8")
        except (OSError, ValueError) as error:
            raise Trouble(f"{source} cannot be read: {error}") from None
        draft = target.with_suffix(".new")
        catalogue.save_as_mofile(str(draft))
        draft.replace(target)
        done += 1
    return done
