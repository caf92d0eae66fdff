"""Strict reading of plain data into dataclasses: the annotations of a class are its shape.

A key that the class does not have, a key that it needs, a value of another type: each is refused
with the path to it, so that a slip of the pen is never evidence lost.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache, lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, NoReturn, get_args, get_origin, get_type_hints

from credentialing.rules.calendar import Day

Reader = Callable[[Any], Any]

PLAIN_KEY = re.compile(r"[\w-]+", re.ASCII)
LONGEST_SHOWN = 80
LARGEST_NUMBER = 10**9


class UnreadableError(Exception):
    """Why a value cannot be read, and the steps to it, from the innermost out."""

    def __init__(self, reason: str, *steps: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps = list(steps)

    def within(self, step: str | int) -> "UnreadableError":
        """The same refusal, seen from one step further out."""
        self.steps.append(step)
        return self

    def line(self, whole: str) -> str:
        """The path and the reason, in one line; `whole` names the path of no steps."""
        path = ""
        for step in reversed(self.steps):
            if isinstance(step, int):
                path += f"[{step}]"
            else:
                key = step if PLAIN_KEY.fullmatch(step) else shown(step)
                path += f".{key}" if path else key
        return f"{path or whole}: {self.reason}"


class Repeated(dict[str, Any]):
    """A JSON object that says the same key twice."""

    key: str


def unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs (an `object_pairs_hook`), marked where a key is repeated."""
    table = dict(pairs)
    if len(table) == len(pairs):
        return table
    repeated = Repeated(table)
    keys = [key for key, _ in pairs]
    repeated.key = next(key for place, key in enumerate(keys) if key in keys[:place])
    return repeated


def shown(value: object) -> str:
    """The value as JSON would write it, in one line of bearable length."""
    try:
        written = json.dumps(value, default=str)
    except RecursionError:
        return "…"
    return written if len(written) <= LONGEST_SHOWN else written[: LONGEST_SHOWN - 1] + "…"


def refuse(reason: str, value: object) -> NoReturn:
    """Refuse the value for this reason."""
    raise UnreadableError(f"{reason}: {shown(value)}")


def as_it_stands(value: Any) -> Any:
    """The value, which is read elsewhere."""
    return value


def text(value: Any) -> str:
    """Any text."""
    if type(value) is str:
        return value
    refuse("not a text", value)


def words(value: Any) -> str:
    """A text that says something."""
    said = text(value)
    if not said.strip():
        raise UnreadableError("empty")
    return said


def flag(value: Any) -> bool:
    """True or false."""
    if type(value) is bool:
        return value
    refuse("not true or false", value)


def whole_number(value: Any) -> int:
    """A whole number from 0 up, of a size that means something."""
    if type(value) is not int:
        refuse("not a whole number", value)
    if not 0 <= value <= LARGEST_NUMBER:
        refuse("negative" if value < 0 else "too large", value)
    return value


def number(value: Any) -> float:
    """A finite number from 0 up."""
    if type(value) is not int and (type(value) is not float or not math.isfinite(value)):
        refuse("not a number", value)
    if value < 0:
        refuse("negative", value)
    amount: int | float = value
    return amount


@lru_cache(maxsize=2**14)
def written_day(value: str) -> Day:
    """The day written as YYYY-MM-DD, and in no other of ISO's ways."""
    if len(value) == 10 and value[4] == value[7] == "-":
        try:
            return Day.fromisoformat(value)
        except ValueError:
            pass
    refuse("not a date", value)


def day(value: Any) -> Day:
    """A day: YYYY-MM-DD, or a date as Python and TOML know it."""
    if type(value) is str:
        return written_day(value)
    return calendar_day(value)


def calendar_day(value: Any) -> Day:
    """A date as Python and TOML know it: no text, no time of day."""
    if type(value) is Day:
        return value
    refuse("not a date", value)


def one_of(choices: tuple[str, ...]) -> Reader:
    """A reader of one of these texts."""
    known = frozenset(choices)

    def read(value: Any) -> Any:
        if type(value) is str and value in known:
            return value
        refuse(f"not one of {', '.join(choices)}", value)

    return read


def perhaps(read: Reader) -> Reader:
    """A reader of null, or of what `read` reads."""
    return lambda value: None if value is None else read(value)


def list_of(read: Reader) -> Reader:
    """A reader of a list of what `read` reads, as a tuple."""

    def read_list(value: Any) -> tuple[Any, ...]:
        if type(value) is not list and type(value) is not tuple:
            refuse("not a list", value)
        items = []
        for item in value:
            try:
                items.append(read(item))
            except UnreadableError as refusal:
                raise refusal.within(len(items)) from None
        return tuple(items)

    return read_list


def table(value: Any) -> dict[str, Any]:
    """An object that says no key twice."""
    if not isinstance(value, dict):
        refuse("not an object", value)
    if isinstance(value, Repeated):
        raise UnreadableError("duplicate key", value.key)
    return value


def key_of(field: Field[Any]) -> str:
    """The key by which plain data names this field."""
    key: str = field.metadata.get("key", field.name)
    return key


@cache
def object_of(shape: type[Any]) -> Reader:
    """A reader of an object with the fields of this dataclass."""
    hints = get_type_hints(shape, include_extras=True)
    readers = {key_of(field): (field.name, reader_of(hints[field.name])) for field in fields(shape)}
    required = {
        field.name: key_of(field)
        for field in fields(shape)
        if field.default is MISSING and field.default_factory is MISSING
    }

    def read(value: Any) -> Any:
        found: dict[str, Any] = {}
        for key, item in table(value).items():
            try:
                name, read_item = readers[key]
            except KeyError:
                raise UnreadableError("unknown key", str(key)) from None
            try:
                found[name] = read_item(item)
            except UnreadableError as refusal:
                raise refusal.within(key) from None
        if not required.keys() <= found.keys():
            missing = next(key for name, key in required.items() if name not in found)
            raise UnreadableError("missing key", missing)
        return shape(**found)

    return read


BASIC: dict[Any, Reader] = {str: text, bool: flag, int: whole_number, float: number, Day: day}


def reader_of(annotation: Any) -> Reader:
    """The reader of what an annotation promises; `Annotated` names its own."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        read: Reader = arguments[1]
        return read
    if origin is Literal:
        return one_of(arguments)
    if origin is tuple:
        return list_of(reader_of(arguments[0]))
    if origin is UnionType:
        return perhaps(reader_of(arguments[0]))
    if isinstance(annotation, type) and is_dataclass(annotation):
        return object_of(annotation)
    return BASIC[annotation]
