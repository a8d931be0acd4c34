"""Makes sessions from a seed: valid ones, and ones with one mistake.

The same seed, number and offers give the same session. Every mistake's turn comes within the
first 300 sessions. ``recipes`` holds the mistakes, one function or one row of a table each.
"""

from __future__ import annotations

import functools
import random

from recipes import Recipe, all_recipes
from script import Offers, Script, Session
from validity import write_valid

VALID = 8
"""One session in so many has no mistake, and all those whose mistake the server gives no room."""


@functools.cache
def order(seed: int) -> tuple[Recipe, ...]:
    """Return the recipes in the order in which sessions of *seed* take them."""
    recipes = list(all_recipes())
    random.Random(seed).shuffle(recipes)
    return tuple(recipes)


def session(seed: int, number: int, offers: Offers) -> Session:
    """Return the session *number* of *seed* for a server with these *offers*."""
    rng = random.Random(f"{seed}/{number}")
    if number % VALID:
        recipes = order(seed)
        recipe = recipes[(number - number // VALID - 1) % len(recipes)]
        if recipe.possible(offers):
            return cooked(recipe, rng, offers, number)
    script = Script(rng, offers)
    name = write_valid(script)
    return Session(f"valid/{name}", tuple(script.steps), frozenset(), number)


def cooked(recipe: Recipe, rng: random.Random, offers: Offers, number: int = 0) -> Session:
    """Return the session that *recipe* makes."""
    script = Script(rng, offers)
    recipe.write(script)
    return Session(f"{recipe.kind}/{recipe.name}", tuple(script.steps), recipe.expects, number)
