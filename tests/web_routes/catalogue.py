"""Rows of the catalogue's addresses."""

from web_routes import Row

OWNERS = ("aigul", "azamat")
REVIEWERS = ("irina", "farida")
HOLDERS = ("aigul", "azamat", "irina", "bat", "chinara", "dmitri", "erlan", "farida", "gulnara")
BRINGERS = ("aigul", "azamat", "irina", "bat", "chinara", "erlan", "farida")


def but(status, *who):
    return dict.fromkeys(who, status)


def _seen(route, **rest):
    """Return the rows of a page of a released version, for each audience."""
    number = {"number": "number one"} if rest.pop("numbered", True) else {}
    seen = (
        ("public layer", 200, {}),
        ("partners' layer", 404, but(200, *HOLDERS)),
        ("named layer", 404, but(200, *OWNERS)),
        ("embargoed layer", 404, but(200, *OWNERS)),
        ("draft layer", 404, but(200, *OWNERS)),
        ("in_review layer", 404, but(200, *OWNERS, *REVIEWERS)),
        ("withdrawn layer", 404, but(200, *OWNERS)),
        ("no such thing", 404, {}),
    )
    extra = rest.pop("arguments", {})
    return tuple(
        Row(route, everyone, who, arguments={"layer_id": layer, **number, **extra}, **rest)
        for layer, everyone, who in seen
    )


def _moves(route, layer, everyone, **who):
    """Return the rows of an action; to ask for it by GET is refused to all."""
    arguments = {"layer_id": layer, "number": "number one"}
    return (
        Row(route, everyone, who, method="post", arguments=arguments),
        Row(route, 405, arguments=arguments),
    )


_AGREEMENT = {"layer_id": "public layer", "agreement_id": "agreement"}

ROWS = (
    Row("layers", 200),
    Row("layers", 200, query="?theme=barriers&q=dens&species=saiga&state=MNG&as=table"),
    Row("layers", 405, method="post"),
    Row("catalogue_record", 200),
    Row("layer_new", 403, but(200, *BRINGERS)),
    Row("layer_new", 403, but(422, *BRINGERS), method="post"),
    Row("review_queue", 404, but(200, "aigul", "azamat", "irina", "farida")),
    Row("sensitivity_rules", 404, but(200, "farida")),
    Row("sensitivity_rules", 404, but(422, "farida"), method="post"),
    Row("sensitivity_rule_drop", 404, but(302, "farida"), method="post",
        arguments={"rule_id": "rule"}),
    Row("sensitivity_rule_drop", 405, arguments={"rule_id": "rule"}),
    *_seen("layer", numbered=False),
    *_seen("layer_version"),
    *_seen("layer_export", arguments={"form": "csv format"}),
    *_seen("layer_metadata", arguments={"form": "xml format"}),
    Row("layer_export", 404,
        arguments={"layer_id": "public layer", "number": "number one", "form": "no such thing"}),
    Row("layer_changes", 200,
        arguments={"layer_id": "public layer", "before": "number one", "after": "number one"}),
    Row("layer_changes", 404, but(200, *OWNERS),
        arguments={"layer_id": "named layer", "before": "number one", "after": "number one"}),
    Row("layer_agreements", 404, but(200, *OWNERS), arguments={"layer_id": "public layer"}),
    Row("layer_agreements", 404, but(422, *OWNERS), arguments={"layer_id": "public layer"},
        method="post"),
    Row("layer_agreements", 404, but(200, *OWNERS), arguments={"layer_id": "named layer"}),
    Row("layer_agreement_end", 404, but(302, *OWNERS), arguments=_AGREEMENT, method="post"),
    Row("layer_agreement_end", 405, arguments=_AGREEMENT),
    Row("layer_seen_by", 404, but(200, *OWNERS), arguments={"layer_id": "public layer"}),
    Row("layer_desk", 404, but(200, *OWNERS),
        arguments={"layer_id": "draft layer", "number": "number one"}),
    Row("layer_desk", 404, but(200, *OWNERS, *REVIEWERS),
        arguments={"layer_id": "in_review layer", "number": "number one"}),
    Row("layer_describe", 404, but(200, *OWNERS),
        arguments={"layer_id": "draft layer", "number": "number one"}),
    Row("layer_describe", 404, but(422, *OWNERS), method="post",
        arguments={"layer_id": "draft layer", "number": "number one"}),
    Row("layer_describe", 403, but(409, *OWNERS),
        arguments={"layer_id": "public layer", "number": "number one"}),
    Row("layer_progress", 404, but(200, *OWNERS),
        arguments={"layer_id": "draft layer", "number": "number one"}),
    *_moves("layer_upload", "draft layer", 404, aigul=422, azamat=422),
    *_moves("layer_submit", "draft layer", 404, aigul=409, azamat=409),
    *_moves("layer_take_back", "in_review layer", 404, aigul=302, azamat=302, irina=403,
            farida=403),
    *_moves("layer_decide", "in_review layer", 404, aigul=403, azamat=403, irina=409, farida=409),
    *_moves("layer_withdraw", "public layer", 403, aigul=409, azamat=409, farida=409),
    *_moves("layer_next", "public layer", 403, aigul=302, azamat=302),
    *_moves("layer_discard", "draft layer", 404, aigul=302, azamat=302),
    *_moves("layer_sensitivity", "in_review layer", 404, aigul=403, azamat=403, irina=403,
            farida=409),
)  # fmt: skip
