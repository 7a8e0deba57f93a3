"""English words that stand everywhere or only ask."""

STOP_WORDS = frozenset(
    """
    a an the of in on at to is are was were be been being am and or for by with from as that this these those
    it its his her their they he she him them i you we our your my me us do does did done has have had having
    will would can could may might shall should must not no nor so than then there here what which who whom
    whose when where why how many much long often old far if but into about between during after before over
    under up down out off through upon also such some any all each both other another same own only just very
    too more most less least s t name named called type kind one ones besides according please tell going gets
    got
    """.split(),
)
