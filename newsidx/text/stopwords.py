"""Stop words: the commonest function words of each language that has a stemmer.

A loose query may leave them out, and counting them tells languages apart. The lists are
short and careful. A word that is also a name, a set of initials, an everyday noun or a
negation is not on them, not even when only its accent or its capital tells it apart
(French `été` is summer, Danish `hans` a name, German `Oder` a river, and Swedish `är`
folds into the same form as the word for year): a query that loses such a word asks
something else. A few spell something else and stay (English `is`, French `est`, German
`mit`), because nearly every article holds them anyway.
"""

from __future__ import annotations

from functools import cache
from string import ascii_lowercase

from newsidx.text.folding import fold

__all__ = ["stop_words"]

_WORDS = {
    "da": """
        af at blev blive bliver da de dem den denne der deres det dette disse efter eller en end
        er et fik for fra ham havde hende hendes her hun hvor hvordan i ind jeg kunne med mellem
        men mens nu og også om op os over på samt sig sin sine sit skulle som ud under være været
        var ved vi
        """,
    "de": """
        aber am an auch auf aus bei beim da damit dann das dass dem den denn der des die diese
        diesem diesen dieser dieses doch durch ein eine einem einen einer eines er es für gegen
        habe haben hat hatte ich ihm ihn ihr ihre ihren ihrer im in ins ist mit nach noch ob sei
        seiner seit sich sie sind so sowie um und unter vom von vor während wenn werden wie wir
        wird wurden zu zum zur zwischen
        """,
    "en": """
        about after also although an and are as at be because been before being between but by
        could did do does during for from had has have having he her him his how if in into is its
        my of on or our she should so than that the their them then there these they this those
        through to was we were when where which while with would you your
        """,
    "es": """
        al algunos ante antes aunque como con cual cuando de del desde donde durante el ella ellas
        ellos en entre eran es esa esas ese eso esos esta estaba están estas esto estos fue fueron
        ha había han hasta hay la las le les lo los más mientras mucho muy nos otra otras otro
        otros para pero por porque que se según su sus también tan tiene tienen todos tras un una
        unas uno unos ya
        """,
    "fi": """
        ennen että hän hänelle hänen hänet he heidän ja jo joiden joita joka jolla jonka jos jossa
        jota jotka kanssa koska kuin kun kuten me mitä mukaan mutta myös ne niiden niin niitä noin
        nyt olevan oli olisi olivat olla ollut on ovat se sekä sen siellä siinä siitä sillä sitä
        tai tämä tämän tässä tästä tätä vaan vaikka vielä
        """,
    "fr": """
        afin ainsi alors après au aussi autre autres aux avait avant avec ce cela celle celui
        cependant ces cet cette chez comme contre dans de depuis des donc dont du elles en encore
        entre est et étaient était il ils la le les leur leurs lors lorsque nous on ont ou par
        parce pendant peu pour puis qu quand que quel qui se selon sera ses si soit sont sur tous
        tout toute toutes très un une vous
        """,
    "hu": """
        a ahol akkor alatt által amely amelyek ami amikor annak arra arról át az azok azonban azt
        be belül csak de ebben egy egyik ehhez el ennek és ez ezek ezen ezért ezt ezzel fel ha
        hogy hozzá illetve is itt között le lesz majd már meg mellett melyek mert miatt mint
        mintegy miután olyan pedig során számára szerint után vagy valamint van vannak voltak
        """,
    "it": """
        agli al alla alle allo anche aveva che come con così cui da dagli dal dalla dalle dallo
        degli dei del della delle dello di dopo dove durante erano fino fu gli ha hanno il in la
        le lo loro ma mentre negli nel nella nelle nello ogni per perché però più quando quanto
        quella quello questa queste questi questo quindi se sono stata su sua sue sugli sul sulla
        sulle sullo suo tra tutti tutto un una uno
        """,
    "nl": """
        aan al daar dat de der deze die dit door dus een en er had hadden heb hebben heeft hem het
        hij hoe hun ik in is je kunnen langs maar met na naar nog of om onder ook op over sinds te
        tegen tijdens toen tot tussen u uit van vanaf vanuit veel voor waar waren was we werd
        werden wij worden wordt ze zich zij zijn zo zoals zou zouden zullen
        """,
    "no": """
        at av både ble blei blir blitt da de deg dei dem den denne der deres det dette disse eg
        ein eit eller en er et etter for fordi fra hadde hennes her hun hvor hvordan i inn jeg
        kunne med mellom men mens og også om opp oss over på seg selv sin sine sitt skulle slik
        som til under ut være vært vart vi vil ville
        """,
    "pt": """
        ainda ante antes ao aos as até com como da das de dela dele deles depois desde desse desta
        deste do dos durante ela elas ele eles em enquanto então entre eram essa esse esta estão
        estava este foi foram há isso já lhe mais mas me mesmo muito na nas nos num numa onde os
        ou pela pelas pelo pelos por porque quando que se seu seus sobre sua suas também tem tinha
        um uma uns você
        """,
    "ro": """
        aceasta aceea acele acest acesta aceste acum al ale am apoi are asupra au avea avut ca
        când care cât către ce cea cei cel cele cu cum dacă de decât deci despre din dintre după
        ea ei el ele erau este fi fie fiind foarte fost iar în într între la le lor lui ne o ori
        pe pentru prin să săi sau se și spre sunt toate toți un una unei unor unui va vor
        """,
    "ru": """
        а бы был была были было быть в вам вас во вот все всех вы где для до его ее ей ему если
        есть еще же за и из или им их к как ко когда которая которого которое которой которые
        который которых между мы на над нам нас но о об он она они оно от перед по под после
        потому при с своего со так также те того той только тот у уже чем через что чтобы эта эти
        этих это этого этой этом этот я
        """,
    "sv": """
        än att av även bland blev bli blir då där de dem den denna deras dess dessa det detta
        efter eftersom eller en enligt ett för från genom hade han hennes hon honom hos hur i in
        innan jag kan kommer kunde med medan mellan men mot mycket något några när och också om
        oss över på sig sin sina sitt ska skulle som till under upp ut varit vi vid vilka vilken
        vill
        """,
    "tr": """
        acaba ancak arasında ayrıca bana bazı bir biri birlikte biz bize bizim böyle bu buna
        bunlar bunu bunun çok çünkü da daha de dedi diğer diye dolayı en etti fakat gibi göre
        hakkında halen hem hep hepsi için içinde ile ise işte kadar karşı kendi ki mi mu nasıl
        nedeniyle o olan olarak oldu olduğu olduğunu olması olup ona önce onlar onu onun öyle oysa
        rağmen sonra şöyle tarafından tüm üzere üzerinde ve veya ya yani yine
        """,
}


@cache
def stop_words(language: str) -> frozenset[str]:
    """The stop words of a language.

    Args:
        language: ISO 639-1; the languages of `stems.STEMMERS` have a list.

    Returns:
        Folded forms, the single letters a to z always among them; nothing at all for a
        language without a list.
    """
    words = _WORDS.get(language)
    if words is None:
        return frozenset()
    return frozenset(map(fold, words.split())).union(ascii_lowercase)
