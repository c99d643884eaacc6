"""Words that turn what is said around, and words that say how much: what no quotation may lose."""

from __future__ import annotations

from functools import cache

__all__ = ["is_negation", "is_number"]

_NEGATIONS = {
    "de": """
        nicht nichts nie niemals niemand niemanden niemandem nirgends nirgendwo kein keine keinen
        keinem keiner keines keinerlei keineswegs ohne weder noch kaum
        """,
    "en": """
        not no non never none nobody nothing nowhere neither nor cannot without hardly barely
        scarcely aint dont doesnt didnt isnt arent wasnt werent wont wouldnt cant couldnt shouldnt
        hasnt havent hadnt
        """,
    "es": "no nunca jamás jamas nada nadie ningún ningun ninguno ninguna sin tampoco ni",
    "fr": "ne n pas jamais rien aucun aucune nul nulle ni sans guère guere non",
    "it": "non no mai nessuno nessuna nessun niente nulla senza né",
    "nl": "niet niets nooit niemand nergens geen zonder noch",
    "pt": "não nao nunca jamais nada ninguém ninguem nenhum nenhuma sem nem",
}
_NUMBERS = {
    "de": """
        zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig
        hundert tausend hunderte tausende million millionen milliarde milliarden dutzend halb
        """,
    "en": """
        zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
        hundred hundreds thousand thousands million millions billion billions trillion trillions
        dozen dozens half twice
        """,
    "es": """
        dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta
        cincuenta cien ciento cientos mil miles millón millones docena medio
        """,
    "fr": """
        deux trois quatre cinq six sept huit neuf dix onze douze vingt trente quarante cinquante
        soixante cent cents mille million millions milliard milliards douzaine demi
        """,
}


@cache
def _words(language: str, *, numbers: bool) -> frozenset[str]:
    lists = _NUMBERS if numbers else _NEGATIONS
    return frozenset(lists.get(language, lists["en"]).split())


def is_negation(word: str, language: str | None) -> bool:
    """Whether a word denies: `not`, `don't`, `nicht`, `n'est`.

    Args:
        word: In lower case, with its marks; an apostrophe in it is `'`.
        language: ISO 639-1, of the text that it is from; one without a list is taken for English.
    """
    known = _words(language or "en", numbers=False)
    if word.endswith("n't") or word in known:
        return True
    return "'" in word and not known.isdisjoint(word.split("'"))


def is_number(word: str, language: str | None) -> bool:
    """Whether a word says how many: it has a digit, or is `twelve`, `Millionen` and the like."""
    return any(map(str.isdigit, word)) or word in _words(language or "en", numbers=True)
