"""Words that stand in dates: months, weekdays, zones and what may be passed over.

In English, German, Spanish, French, Italian, Portuguese and Dutch; lower case and
without accents, as `newsidx.refine.dates` folds what it reads.
"""

from __future__ import annotations

__all__ = ["MONTHS", "PASSED_OVER", "WEEKDAYS", "ZONES"]

_MONTHS = (
    "january jan januar janner jaenner enero ene janvier janv gennaio gen janeiro januari",
    "february feb febr februar feber febrero fevrier fevr fev febbraio fevereiro februari",
    "march mar marz maerz mrz marzo mars marco maart mrt",
    "april apr abril abr avril avr aprile",
    "may mai mayo maggio mag maio mei",
    "june jun juni junio juin giugno giu junho",
    "july jul juli julio juillet juil luglio lug julho",
    "august aug agosto ago aout augustus",
    "september sept sep septiembre setiembre set septembre settembre setembro",
    "october oct oktober okt octubre octobre ottobre ott outubro out",
    "november nov noviembre novembre novembro",
    "december dec dezember dez diciembre dic decembre dicembre dezembro",
)
MONTHS: dict[str, int] = {
    word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()
}

_WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday
mon tue tues wed thu thur thurs fri sat sun
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
lunes martes miercoles jueves viernes sabado domingo lun mie jue vie sab dom
lundi mardi mercredi jeudi vendredi samedi dimanche mer jeu ven sam dim
lunedi martedi mercoledi giovedi venerdi domenica gio
segunda terca quarta quinta sexta feira seg ter qua qui sex
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
"""
WEEKDAYS = frozenset(_WEEKDAYS.split())

_PASSED_OVER = """
published posted date on at of the publie publicado veroffentlicht erschienen datum fecha
de del le el den der am um vom dia a las kl
"""
PASSED_OVER = frozenset(_PASSED_OVER.split())

# Minutes east of Greenwich: RFC 822, section 5.1, which means the American zones, and
# from the tz database names that only one part of the world uses. Not BST or IST, which
# are several zones, nor ET, which is two.
ZONES: dict[str, int] = {
    name: int(60 * hours)
    for hours, names in {
        0: "z ut utc gmt wet",
        1: "west cet mez",
        2: "cest mesz eet",
        3: "eest msk",
        9: "jst kst",
        10: "aest",
        11: "aedt",
        12: "nzst",
        13: "nzdt",
        -3: "brt",
        -4: "edt",
        -5: "est cdt",
        -6: "cst mdt",
        -7: "mst pdt",
        -8: "pst akdt",
        -9: "akst",
        -10: "hst",
    }.items()
    for name in names.split()
}
