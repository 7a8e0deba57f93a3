"""The words that an English word may be a form of, by rule: studies -> study, largest -> large."""

IRREGULAR = {
    form: lemma
    for lemma, _, forms in (
        entry.partition(":")
        for entry in """
    alumnus:alumni analysis:analyses arise:arose axis:axes bacterium:bacteria bad:worse,worst
    basis:bases bear:born become:became begin:began,begun big:bigger,biggest bind:bound blow:blew,blown
    break:broke,broken breed:bred bring:brought build:built buy:bought casualty:casualties catch:caught
    child:children choose:chose,chosen cling:clung come:came country:countries creep:crept crisis:crises
    criterion:criteria datum:data deal:dealt die:dice,died dig:dug do:did,done draw:drawn,drew
    drink:drank,drunk drive:driven,drove eat:ate,eaten fall:fallen,fell far:farther,further,furthest
    feed:fed feel:felt fight:fought find:found flee:fled fly:flew,flown foot:feet forbid:forbade
    forget:forgot,forgotten found:founded freeze:froze,frozen fungus:fungi genus:genera get:got
    give:gave,given go:gone,went good:best,better goose:geese grow:grew,grown half:halves hang:hung
    hear:heard hide:hid,hidden hold:held index:indices keep:kept knife:knives know:knew,known
    large:larger,largest lay:laid lead:led leaf:leaves leave:left lend:lent lie:lay life:lives light:lit
    little:least,less lose:lost make:made man:men matrix:matrices mean:meant medium:media meet:met
    mouse:mice nucleus:nuclei overthrow:overthrew ox:oxen pay:paid person:people phenomenon:phenomena
    radius:radii ride:ridden,rode ring:rang rise:risen,rose run:ran say:said see:saw,seen seek:sought
    self:selves sell:sold send:sent shake:shook shoot:shot show:shown shrink:shrank sing:sang,sung
    sink:sank,sunk sleep:slept slide:slid speak:spoke,spoken spend:spent spring:sprang stand:stood
    steal:stole,stolen stick:stuck strike:struck swear:swore,sworn sweep:swept swim:swam take:taken,took
    teach:taught tear:tore,torn tell:told thesis:theses thief:thieves think:thought throw:threw
    tooth:teeth understand:understood undertake:undertook vertex:vertices wake:woke wear:wore,worn
    wife:wives win:won wind:wound withdraw:withdrew wolf:wolves woman:women write:written,wrote
    """.split()
    )
    for form in forms.split(",")
}
"""Forms that no rule gives, by the word that they are forms of."""
ENDINGS = (
    ("ies", ("y",)),
    ("ves", ("f", "fe")),
    ("sses", ("ss",)),
    ("es", ("e", "")),
    ("s", ("",)),
    ("ied", ("y",)),
    ("ed", ("e", "")),
    ("ying", ("ie", "y")),
    ("ing", ("e", "")),
    ("iest", ("y",)),
    ("est", ("e", "")),
    ("ier", ("y",)),
    ("er", ("e", "")),
    ("ly", ("", "le")),
)
"""Endings, and what may have stood in their place."""
DOUBLING = frozenset({"ed", "ing", "er", "est"})
"""Endings before which a consonant may be doubled: planned, biggest."""
SHORTEST = 2
"""Letters that are left of a word without its ending, at least."""


def lemmas(word: str) -> tuple[str, ...]:
    """What a word in lower case may be a form of, the likeliest first; that need not be words."""
    found = [IRREGULAR[word]] if word in IRREGULAR else []
    for ending, replacements in ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < SHORTEST or word.endswith("ss"):
            continue
        found += [stem + replacement for replacement in replacements]
        if ending in DOUBLING and stem[-1] == stem[-2]:
            found.append(stem[:-1])
    return tuple(dict.fromkeys(found))
