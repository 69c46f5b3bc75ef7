"""Other words for a text of the report, as the second reader types them."""

from django import forms

from reviews.forms import CommentField


class WordingForm(forms.Form):
    """`version` is that of the text on the screen."""

    version = forms.IntegerField(min_value=0)
    text = CommentField()
