"""What languages are called in records: ISO 639 codes and names."""

from __future__ import annotations

import re

__all__ = ["language_code"]

# ISO 639-1 code, ISO 639-2 codes (terminological, then bibliographic where it differs),
# names in English, and for some the name the language has for itself. Also the codes
# that ISO 639-1 withdrew and software still writes (iw, in, ji), and single members of
# a group that stand for it (cmn, arb). Spaces in names are underscores.
_TABLE = """
aa aar afar; ab abk abkhazian; ae ave avestan; af afr afrikaans; ak aka akan; am amh amharic; an
arg aragonese; ar ara arabic arb العربية; as asm assamese; av ava avaric; ay aym aymara; az aze
azerbaijani; ba bak bashkir; be bel belarusian; bg bul bulgarian; bh bih bihari; bi bis bislama;
bm bam bambara; bn ben bengali bangla; bo bod tib tibetan; br bre breton; bs bos bosnian; ca cat
catalan valencian català; ce che chechen; ch cha chamorro; co cos corsican; cr cre cree; cs ces
cze czech čeština; cu chu church_slavic old_slavonic; cv chv chuvash; cy cym wel welsh; da dan
danish dansk; de deu ger german deutsch; dv div divehi dhivehi; dz dzo dzongkha; ee ewe; el ell
gre greek; en eng english; eo epo esperanto; es spa spanish castilian español; et est estonian
ekk; eu eus baq basque; fa fas per persian farsi; ff ful fulah; fi fin finnish suomi; fj fij
fijian; fo fao faroese; fr fra fre french français; fy fry frisian; ga gle irish; gd gla gaelic
scottish_gaelic; gl glg galician; gn grn guarani; gu guj gujarati; gv glv manx; ha hau hausa; he
heb hebrew iw; hi hin hindi; ho hmo hiri_motu; hr hrv croatian; ht hat haitian haitian_creole;
hu hun hungarian magyar; hy hye arm armenian; hz her herero; ia ina interlingua; id ind
indonesian in; ie ile interlingue occidental; ig ibo igbo; ii iii sichuan_yi nuosu; ik ipk
inupiaq; io ido; is isl ice icelandic; it ita italian italiano; iu iku inuktitut; ja jpn
japanese 日本語; jv jav javanese; ka kat geo georgian; kg kon kongo; ki kik kikuyu gikuyu; kj kua
kuanyama kwanyama; kk kaz kazakh; kl kal kalaallisut greenlandic; km khm khmer; kn kan kannada;
ko kor korean 한국어; kr kau kanuri; ks kas kashmiri; ku kur kurdish; kv kom komi; kw cor cornish;
ky kir kirghiz kyrgyz; la lat latin; lb ltz luxembourgish letzeburgesch; lg lug ganda; li lim
limburgan limburger; ln lin lingala; lo lao; lt lit lithuanian; lu lub luba-katanga; lv lav
latvian lvs; mg mlg malagasy; mh mah marshallese; mi mri mao maori; mk mkd mac macedonian; ml
mal malayalam; mn mon mongolian; mr mar marathi; ms msa may malay; mt mlt maltese; my mya bur
burmese; na nau nauru; nb nob norwegian_bokmål bokmål; nd nde north_ndebele; ne nep nepali; ng
ndo ndonga; nl nld dut dutch flemish nederlands; nn nno norwegian_nynorsk nynorsk; no nor
norwegian norsk; nr nbl south_ndebele; nv nav navajo navaho; ny nya chichewa chewa; oc oci
occitan provençal; oj oji ojibwa; om orm oromo; or ori oriya odia; os oss ossetian ossetic; pa
pan panjabi punjabi; pi pli pali; pl pol polish polski; ps pus pushto pashto; pt por portuguese
português; qu que quechua; rm roh romansh; rn run rundi; ro ron rum romanian moldavian română;
ru rus russian русский; rw kin kinyarwanda; sa san sanskrit; sc srd sardinian; sd snd sindhi; se
sme northern_sami; sg sag sango; si sin sinhala sinhalese; sk slk slo slovak; sl slv slovenian;
sm smo samoan; sn sna shona; so som somali; sq sqi alb albanian; sr srp serbian; ss ssw swati;
st sot sotho; su sun sundanese; sv swe swedish svenska; sw swa swahili swh; ta tam tamil; te tel
telugu; tg tgk tajik; th tha thai; ti tir tigrinya; tk tuk turkmen; tl tgl tagalog; tn tsn
tswana; to ton tonga; tr tur turkish türkçe; ts tso tsonga; tt tat tatar; tw twi; ty tah
tahitian; ug uig uighur uyghur; uk ukr ukrainian українська; ur urd urdu; uz uzb uzbek; ve ven
venda; vi vie vietnamese; vo vol volapük; wa wln walloon; wo wol wolof; xh xho xhosa; yi yid
yiddish ji; yo yor yoruba; za zha zhuang chuang; zh zho chi chinese cmn mandarin; zu zul zulu
"""
_CODES = {
    name.replace("_", " "): words[0]
    for words in (entry.split() for entry in _TABLE.split(";"))
    for name in words
}
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9_.@-]+)?")


def language_code(declared: str) -> str | None:
    """The ISO 639-1 code of a language as declared, or None for what names none.

    Read are codes of ISO 639-1 and 639-2 with or without a script or a country
    (`en`, `eng`, `en-US`, `de_AT`, `zh-Hans`), and names (`English`, `German
    (Austria)`). A list of several languages declares none.
    """
    text = " ".join(declared.casefold().split())
    name = text.partition("(")[0].strip()
    if name in _CODES:
        return _CODES[name]
    tag = _TAG.fullmatch(text)
    return _CODES.get(tag[1]) if tag else None
