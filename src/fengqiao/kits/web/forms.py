"""Forms in the house's hand: `{{ form }}` draws labels, help and one-sentence errors, and loses nothing typed."""

from django.forms.renderers import TemplatesSetting


class HouseRenderer(TemplatesSetting):
    """The renderer named by FORM_RENDERER."""

    form_template_name = "web/form.html"
    field_template_name = "web/field.html"
