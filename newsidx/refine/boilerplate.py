"""Lines that a page puts above and below every article: links onwards, cookie notices.

Only whole lines go, only the first and the last ones, and only those that are on the
closed lists below, word for word: what merely looks like them may be a sentence.
"""

from __future__ import annotations

import re

__all__ = ["without_boilerplate"]

_LONGEST = 400  # of a cookie notice, in characters
_MOST_LINES = 8  # at either end

# What links, buttons and labels say, without marks at the ends, in small letters: in
# English, German, French, Spanish, Portuguese, Italian and Dutch.
_LABEL_LIST = """
read more | read more here | read the full article | read the full story | read full article
continue reading | continue reading the main story | continue reading below
click here to read more | click here to continue reading | keep reading | story continues below
story continues below advertisement | article continues below advertisement
continue reading below advertisement | advertisement | advertisements
advertisement - continue reading below | sponsored content | sponsored links | share this
share this article | share this story | share on facebook | share on twitter | share via email
tweet this | print this article | email this article | follow us on twitter
follow us on facebook | like us on facebook | sign up for our newsletter
subscribe to our newsletter | sign up here | back to top | leave a comment | leave a reply
view comments | show comments | skip to main content | skip to content | jump to navigation
related articles | related stories | you may also like | recommended for you | weiterlesen
mehr lesen | mehr zum thema | hier weiterlesen | lesen sie auch | lesen sie hier weiter
zur startseite | zum seitenanfang | artikel drucken | artikel teilen | artikel versenden
kommentar schreiben | kommentare anzeigen | newsletter abonnieren | anzeige | werbung
zum inhalt springen | lire la suite | lire la suite de l'article | lire plus | lire aussi
à lire aussi | partager cet article | partager sur facebook | partager sur twitter | publicité
retour en haut de page | laisser un commentaire | aller au contenu principal | leer más
leer mas | seguir leyendo | sigue leyendo | lea también | lee también | te puede interesar
compartir en facebook | compartir en twitter | publicidad | deja un comentario
dejar un comentario | saltar al contenido | leia mais | leia também | continue lendo
continuar lendo | compartilhe | publicidade | deixe um comentário | leggi anche | leggi tutto
continua a leggere | continua a leggere sotto | pubblicità | lees meer | lees ook | lees verder
advertentie
"""
_LABELS = frozenset(label.strip() for label in re.split(r"[|\n]", _LABEL_LIST)) - {""}
_LONGEST_LABEL = max(map(len, _LABELS)) + 20  # with marks around it
_MARKS = " \t.…:!»›>→–—-_*·|[]()►▶+"

# A site that speaks of its own cookies, to the end of the line; `~` is the rest of a
# sentence, and what is in brackets may be missing.
_NOTICES = (
    "(this|our) (website|web site|site) uses cookies~[ by (continuing|using|clicking|closing)~]",
    "we use cookies~ by (continuing|using|clicking|browsing|closing)~",
    "we use cookies on (this|our) (website|web site|site)~",
    "by (continuing to (use|browse)|using) (this|our) (website|site),? you (agree|consent) to ~",
    "diese (webseite|website|seite) (verwendet|benutzt|nutzt) cookies~[ (mit der|durch die) ~]",
    "wir (verwenden|nutzen) cookies~ (mit der nutzung|durch die nutzung|wenn sie) ~",
    "ce site (web )?utilise des cookies~[ en (poursuivant|continuant)~]",
    "en (poursuivant|continuant) votre navigation sur (ce|notre) site,? vous acceptez ~",
    "(este|nuestro) (sitio|sitio web|portal) (utiliza|usa) cookies~[ (si contin|al (contin|nav))~]",
    "utilizamos cookies~ (si contin|al contin|al nav)~",
)
_BUTTON = r"( (accept|accept all|ok|got it|i agree|learn more|find out more|read more|close)[.!]?)*"
# As text: to compile it takes milliseconds, and few archives speak of cookies.
_NOTICE = "|".join(
    notice.replace("[ ", "( ").replace("]", ")?").replace("~", r"[^.]{0,200}\.") + _BUTTON
    for notice in _NOTICES
)


def without_boilerplate(body: str) -> str:
    """A cleaned body without such lines at its beginning and end.

    A body of nothing else stays as it is.
    """
    text = body
    for _ in range(_MOST_LINES):
        first, found, rest = text.partition("\n")
        if not found or not _is_boilerplate(first):
            break
        text = rest.lstrip()
    for _ in range(_MOST_LINES):
        rest, found, last = text.rpartition("\n")
        if not found or not _is_boilerplate(last):
            break
        text = rest.rstrip()
    return text if text and not _is_boilerplate(text) else body


def _is_boilerplate(line: str) -> bool:
    if len(line) > _LONGEST or (len(line) > _LONGEST_LABEL and "ookies" not in line):
        return False
    low = line.lower().replace("’", "'")
    return low.strip(_MARKS) in _LABELS or ("cookies" in low and bool(re.fullmatch(_NOTICE, low)))
