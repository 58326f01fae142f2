"""What a link to Train may say. Its subject: of the settings a `Form`, of the run the names that are here."""

import dataclasses
import functools
from dataclasses import dataclass
from typing import Any

from ae_core import VARIANTS, Config, LatentError
from ae_core.base.options import check, knobs
from ae_core.data import sources
from ae_core.data.csv.uploads import is_upload
from ae_core.model.presets import PRESETS

from ...ui.link import Choice, Integer, Misfit, Name, Parameter
from . import words
from .recipe import Fields, all_fields, first_data, preset_values


@dataclass(frozen=True)
class Form:
    """A source and a variant."""

    data: str
    variant: str

    @functools.cached_property
    def fields(self) -> Fields:
        """Their settings."""
        return all_fields(self.data, self.variant)

    @functools.cached_property
    def values(self) -> dict[str, Any]:
        """What these are where the link says nothing."""
        return preset_values(self.data, self.variant)


@dataclass(frozen=True, kw_only=True)
class Setting(Parameter):
    """A setting of the recipe, which says itself what it takes."""

    option: dataclasses.Field
    entry: bool = True

    def parse(self, text: str, subject: Form) -> Any:
        try:
            value = check(self.name, text, subject.fields[self.name])
            if self.name == "file" and not is_upload(value):
                raise LatentError(words.FILE_GONE)
        except LatentError as error:
            raise Misfit(str(error).rstrip(".")) from error
        return value

    def format(self, value: Any, subject: Form | None = None) -> str:
        if isinstance(value, tuple):
            return ",".join(map(str, value))
        return super().format(value)

    @property
    def values(self) -> str:
        knob = self.option.metadata["knob"]
        if knob.choices:
            return ", ".join(f"`{choice}`" for choice in knob.choices if choice)
        if knob.low is None or knob.high is None:
            return "`True`, `False`" if isinstance(self.option.default, bool) else "text"
        numbers = f"{knob.low:.12g} to {knob.high:.12g}"
        return f"{numbers}, with commas" if isinstance(self.option.default, tuple) else numbers


def _settings() -> tuple[Setting, ...]:
    """Those of all sources and variants, each name once."""
    owners = [knobs(Config), *(knobs(each) for each in sources().values()), *(row.knobs() for row in VARIANTS.values())]
    fields = {name: field for owner in reversed(owners) for name, field in reversed(owner.items())}
    return tuple(
        Setting(
            name=name,
            about=field.metadata["knob"].help,
            alias=field.metadata["knob"].aliases,
            default=lambda form, name=name: form.values.get(name) if form else None,
            option=field,
        )
        for name, field in reversed(fields.items())
        if name not in ("data", "variant")
    )


RUN = Name(name="run", about="the run that is shown", known=lambda names: names, kind="run", menu=True)
EPOCH = Integer(name="epoch", about="the epoch of its film", high=10**7)
DATA = Choice(name="data", about="the data", choices=lambda form: list(sources()), default=lambda form: first_data())
VARIANT = Choice(
    name="variant",
    about="the kind of autoencoder",
    choices=lambda form: list(VARIANTS),
    default=lambda form: PRESETS["quick"].config(form.data).variant,
)
SETTINGS = _settings()
PARAMETERS = (RUN, EPOCH, DATA, VARIANT, *SETTINGS)
