"""The parts of the design page: what each component is for, and the tag or class that renders it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One part of the page. code: what to write in a template."""

    id: str
    title: str
    text: str
    code: str


GROUPS: dict[str, tuple[Part, ...]] = {
    "Foundations": (
        Part(
            "colours",
            "Colours by meaning",
            "Components use these names and never a raw colour. The brand sets ten of them; the others follow.",
            "var(--surface) var(--accent) var(--link) …",
        ),
        Part(
            "type",
            "Type",
            "System fonts with Cyrillic and Latin Extended letters. The brand chooses the font of headings.",
            'class="lead quiet small num nowrap"',
        ),
        Part("icons", "Icons", "Symbols of web/icons.svg, always beside a text.", '{% icon "home" %}'),
        Part(
            "drawings",
            "Drawings",
            "Small and quiet, for pages that would otherwise be bare: first and last pages, empty states, errors. "
            "Never beside a long form on phones.",
            '{% include "web/drawings/done.svg" %}',
        ),
        Part(
            "frame",
            "Frame",
            "This page uses it: a navigation bar at the bottom on phones, a column at the side from 64rem. "
            "Rooms declare its entries in their apps.py; it shows only entries that exist.",
            '{% extends "web/frame.html" %} · web/navigation.py',
        ),
        Part(
            "layout",
            "Layout",
            "A page is a column with even gaps. Stacks and rows arrange their content; two columns from 52rem.",
            'class="stack tight | loose" class="row" class="columns"',
        ),
    ),
    "Actions": (
        Part(
            "buttons",
            "Buttons",
            "One primary button a page. A link looks like a button if it is the next step.",
            '{% button label= url= kind="plain | soft | danger | link | small" icon= wide= %}',
        ),
        Part(
            "actions",
            "Actions",
            "The few things people come for; at most five.",
            '{% include "web/components/actions.html" with actions= label= %}',
        ),
        Part(
            "tabs",
            "Tabs, chips, pages",
            "Tabs are views of one thing, chips filter a list; both are links with their own addresses.",
            '{% include "web/components/tabs.html" with tabs= label= look="chips" %}',
        ),
        Part(
            "dialog",
            "Dialog",
            "A sheet from below on phones, a box on wide screens. It shows the page that the link opens; "
            "without script it is a plain link.",
            '<a href="…" data-sheet>',
        ),
    ),
    "Feedback": (
        Part(
            "state",
            "State",
            "The answer to the page’s question, at a glance; one on a page.",
            "{% state kind= icon= title= text= %}",
        ),
        Part(
            "notices",
            "Notices",
            "What the person should know now. Give it a role if it appears after an action.",
            '{% notice kind="good | info | warn | bad" title= text= role= %}',
        ),
        Part(
            "toasts",
            "Toasts",
            "What was just done. They hover above the navigation bar and can be closed; without script they are "
            "part of the page.",
            '{% include "web/components/toast.html" with text= icon= %}',
        ),
        Part(
            "badges",
            "Badges",
            "The state of something, in a word or two.",
            '{% badge text "good | warn | info | brand" %}',
        ),
        Part(
            "stepper",
            "Stepper",
            "The current step. A journey does not know its later steps, so it omits the total.",
            '{% include "web/components/stepper.html" with number= total= %}',
        ),
        Part(
            "empty",
            "Empty state",
            "Says what to do, not that there is nothing.",
            '{% include "web/components/empty.html" with icon= title= text= url= label= %}',
        ),
        Part(
            "skeleton",
            "Skeleton",
            "The shape of content that is loading. It never blocks anything.",
            '{% include "web/components/skeleton.html" with label= %}',
        ),
    ),
    "Content": (
        Part(
            "cards",
            "Cards",
            "One subject each. The whole card is a link if it has a URL.",
            '{% card url= title= text= icon= %} · <section class="card card-flat | card-soft">',
        ),
        Part(
            "lists",
            "Lists",
            "Rows of one kind. The whole row is a link if it has a URL.",
            '<ul class="list"> {% list_row title= url= icon= text= value= value_note= badge= badge_kind= %}',
        ),
        Part(
            "facts",
            "Facts",
            "Terms and values. A value that people should keep has a place of its own.",
            '{% include "web/components/definition_list.html" with items= row= %} · <p class="keep">',
        ),
        Part(
            "bars",
            "Bars",
            "A limit: used, set aside, left. The numbers are text; the drawing repeats them.",
            '{% bar label= left= note= used=34 held=7 kind="warn" %} · bar_key.html',
        ),
        Part(
            "charts",
            "Charts",
            "Bars, or a line over days. The server draws them; the numbers are text beside or below.",
            '{% include "web/charts/bars.html" with chart=bar_chart(title=, figures=) only %} · line.html, line_chart',
        ),
        Part(
            "timeline",
            "Timeline",
            "What happened, what is happening now, what comes next.",
            '{% include "web/components/timeline.html" with steps= %}',
        ),
        Part(
            "tables",
            "Tables",
            "With table-cards each row becomes a card on phones: give the cells data-label and the roles. "
            "Wide tables scroll inside table-scroll.",
            '<table class="table table-card table-cards" role="table">',
        ),
        Part(
            "ecard",
            "E-card",
            "The one place where the brand is loud.",
            '{% include "web/components/ecard.html" with brand_name= logo_url= product= name= second_name= number= '
            "facts= ended= %} · qr.html with qr= label=",
        ),
        Part(
            "document",
            "Document",
            "A text to read before continuing; it scrolls, by the keyboard too.",
            '{% include "web/components/document.html" with title= html= %} · <div class="prose">',
        ),
    ),
    "Forms": (
        Part(
            "fields",
            "Fields",
            "A field draws itself: label, hint, error, box. Every kind of field, empty.",
            "{{ form.mobile.as_field_group }} · web/fields/form.html",
        ),
        Part(
            "strength",
            "Password strength",
            "Each hint is ticked when the password meets it; the text says the same as the bars.",
            '{% include "web/components/strength.html" with strength=3 text= %}',
        ),
        Part(
            "errors",
            "Errors",
            "Listed above the form, each with a link to its field, and again beside the field in the same words.",
            '{% include "web/components/error_summary.html" with form= %}',
        ),
        Part(
            "typed",
            "Filled in",
            "Values that people have typed. A field that may not be changed has a broken edge.",
            "Field(disabled=True)",
        ),
    ),
}
PARTS = {part.id: part for parts in GROUPS.values() for part in parts}
