"""Pages of owners and of the secretariat: agreements, who saw it, rules of sensitivity."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.web.atlas.listing import title_of
from kulan.web.catalogue import keeping
from kulan.web.catalogue.forms import SEASON_WORDS, AgreementForm, ReasonForm, RuleForm
from kulan.web.catalogue.models import Agreement, Layer, SensitivityRule
from kulan.web.catalogue.names import level_words, species_words, state_words
from kulan.web.catalogue.pages import owned_layer_or_404, version_or_404
from kulan.web.catalogue.sights import sights_of
from kulan.web.policy import bringing


def _own_layer(request: HttpRequest, layer_id: str) -> Layer:
    """Return a layer of this reader's; whoever only sees it is told of no such page."""
    layer = owned_layer_or_404(request, layer_id)
    if not bringing.may_agree(request.viewer, layer):
        raise Http404
    return layer


@require_http_methods(["GET", "POST"])
def agreements(request: HttpRequest, layer_id: str) -> HttpResponse:
    """Show with whom a layer is shared, and share it."""
    layer = _own_layer(request, layer_id)
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keeping.agree(layer, form.told(), by=request.user)
        messages.success(request, request.words.say("The agreement holds."))
        return redirect("layer_agreements", layer_id=layer.layer_id)
    held = layer.agreements.select_related("user", "organisation").order_by("ended_at", "-pk")
    context = {
        "layer": layer,
        "title": _title(layer, request),
        "form": form,
        "rows": [(one, level_words(one.level, request.words)) for one in held],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "catalogue/agreements.html", context, status=status)


def _title(layer: Layer, request: HttpRequest) -> str:
    newest = layer.versions.order_by("-number").first()
    return title_of(newest, request.words) if newest else layer.layer_id


@require_POST
def end_agreement(request: HttpRequest, layer_id: str, agreement_id: int) -> HttpResponse:
    """End an agreement."""
    layer = _own_layer(request, layer_id)
    agreement = get_object_or_404(Agreement, pk=agreement_id, layer=layer)
    keeping.end_agreement(agreement, by=request.user)
    messages.success(request, request.words.say("The agreement has ended."))
    return redirect("layer_agreements", layer_id=layer.layer_id)


@require_GET
def seen_by(request: HttpRequest, layer_id: str) -> HttpResponse:
    """Show the owner who saw or took what the public does not see."""
    layer = _own_layer(request, layer_id)
    context = {"layer": layer, "title": _title(layer, request), "rows": sights_of(layer)}
    return render(request, "catalogue/seen_by.html", context)


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules of sensitivity, and set one."""
    if not bringing.may_keep_rules(request.viewer):
        raise Http404
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        case = (told["species_id"], told["iso3"], told["season"])
        keeping.set_rule(case, told["level"], told["basis"], told["review_due"], by=request.user)
        messages.success(request, request.words.say("The rule holds."))
        return redirect("sensitivity_rules")
    held = SensitivityRule.objects.order_by("species_id", "iso3", "season")
    context = {"form": form, "rows": [_rule(one, request) for one in held]}
    status = 422 if request.method == "POST" else 200
    return render(request, "catalogue/rules.html", context, status=status)


def _rule(rule: SensitivityRule, request: HttpRequest) -> dict[str, Any]:
    words = request.words
    return {
        "rule": rule,
        "species": species_words(rule.species_id, words),
        "state": state_words(rule.iso3, words) if rule.iso3 else words.say("every state"),
        "season": SEASON_WORDS.get(rule.season) or words.say("the whole year"),
        "level": level_words(rule.level, words),
    }


@require_POST
def drop_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Take a rule away."""
    if not bringing.may_keep_rules(request.viewer):
        raise Http404
    keeping.drop_rule(get_object_or_404(SensitivityRule, pk=rule_id), by=request.user)
    messages.success(request, request.words.say("The rule is gone. What is released stays coarse."))
    return redirect("sensitivity_rules")


@require_POST
def decide_sensitivity(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Set earlier categories aside for a version, or say that nothing in the layer is sensitive."""
    version = version_or_404(request, layer_id, number)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if request.POST.get("what") == "open":
        keeping.open_layer(version, reason, by=request.user)
    else:
        keeping.reset_sensitivity(version, reason, by=request.user)
    messages.success(request, request.words.say("Kept. The features are being stored anew."))
    return redirect("layer_desk", layer_id=layer_id, number=number)
